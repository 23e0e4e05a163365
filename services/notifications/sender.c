/* SMTP by libcurl in an actor. One mail at a time over one connection that is kept while mails follow each other. While
 * a mail is on its way the pipe is looked at as well, so that the end of the service breaks it off. */
#include "services/notifications/sender.h"
#include "common/dir.h"
#include "common/handover.h"
#include "common/log.h"
#include "common/text.h"
#include <curl/curl.h>
#include <czmq.h>
#include <stdlib.h>
#include <string.h>

#define WHO               "notifications"
#define CONNECT_TIMEOUT_S 10L
#define MAIL_TIMEOUT_S    60L
#define IDLE_MS           5000 /* an unused connection is closed after that */
#define PASSWORD_MAX      256

struct sender {
  zactor_t *actor;
};

typedef struct {
  char url[300], from[160], user[160], password_file[300];
} settings_t;

/* ---- the thread -------------------------------------------------------------------------------------------------- */

typedef struct {
  zsock_t *pipe;
  settings_t settings;
  zlist_t *queue; /* zmsg_t: message, address, mail */
  CURL *curl;     /* NULL: no connection */
  bool ended;
} thread_t;

/* Sends number | word | bytes to the other thread; false when its queue is full. */
static bool hand_over (zsock_t *to, const void *number, size_t number_size, const char *word, const void *bytes,
                       size_t size) {
  zmsg_t *msg = zmsg_new ();
  zmsg_addmem (msg, number, number_size);
  zmsg_addstr (msg, word);
  zmsg_addmem (msg, bytes, size);
  mns_handover_give ();
  bool sent = zmsg_send (&msg, to) == 0;
  zmsg_destroy (&msg);
  return sent;
}

static void take_message (thread_t *self) {
  zmsg_t *msg = zmsg_recv (self->pipe);
  mns_handover_take ();
  if (!msg) {
    self->ended = true;
    return;
  }
  zframe_t *first = zmsg_first (msg);
  if (zmsg_size (msg) == 3)
    zlist_append (self->queue, msg);
  else {
    self->ended = self->ended || (first && zframe_streq (first, "$TERM"));
    zmsg_destroy (&msg);
  }
}

static int look_at_pipe (void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  thread_t *self = context;
  (void)a, (void)b, (void)c, (void)d;
  while (!self->ended && (zsock_events (self->pipe) & ZMQ_POLLIN))
    take_message (self);
  return self->ended;
}

typedef struct {
  const uint8_t *data;
  size_t left;
} upload_t;

static size_t read_upload (char *target, size_t size, size_t count, void *context) {
  upload_t *upload = context;
  size_t take = size * count < upload->left ? size * count : upload->left;
  if (take)
    memcpy (target, upload->data, take);
  upload->data += take;
  upload->left -= take;
  return take;
}

/* The password never leaves its file but for the moment of use. */
static CURLcode set_password (thread_t *self) {
  mns_buffer_t text = {0};
  mns_error_t error = {0};
  CURLcode code = CURLE_LOGIN_DENIED;
  if (mns_dir_read_file (self->settings.password_file, PASSWORD_MAX, &text, &error) == MNS_OK) {
    char *password = (char *)text.data;
    password[strcspn (password, "\r\n")] = 0;
    code = curl_easy_setopt (self->curl, CURLOPT_PASSWORD, password);
    memset (text.data, 0, text.size);
  } else {
    mns_log (MNS_LOG_ERROR, WHO, "smtp.password", "error=%s", mns_error_word (error.rc));
  }
  mns_buffer_fini (&text);
  return code;
}

static CURLcode set_up (thread_t *self) {
  CURL *curl = self->curl = curl_easy_init ();
  if (!curl)
    return CURLE_OUT_OF_MEMORY;
  CURLcode codes[] = {
      curl_easy_setopt (curl, CURLOPT_URL, self->settings.url),
      curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
      curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L),
      curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S),
      curl_easy_setopt (curl, CURLOPT_TIMEOUT, MAIL_TIMEOUT_S),
      curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L),
      curl_easy_setopt (curl, CURLOPT_MAIL_FROM, self->settings.from),
      curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_upload),
      curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, look_at_pipe),
      curl_easy_setopt (curl, CURLOPT_XFERINFODATA, self),
      curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L),
      /* a password goes over TLS or not at all */
      curl_easy_setopt (curl, CURLOPT_USE_SSL, self->settings.user[0] ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY),
      self->settings.user[0] ? curl_easy_setopt (curl, CURLOPT_USERNAME, self->settings.user) : CURLE_OK,
      self->settings.user[0] ? set_password (self) : CURLE_OK,
  };
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
    if (codes[i] != CURLE_OK)
      return codes[i];
  return CURLE_OK;
}

static void hang_up (thread_t *self) {
  curl_easy_cleanup (self->curl);
  self->curl = NULL;
}

static CURLcode send_mail (thread_t *self, const char *address, const void *mail, size_t size, long *answer) {
  upload_t upload = {mail, size};
  struct curl_slist *receivers = curl_slist_append (NULL, address);
  CURLcode code = self->curl ? CURLE_OK : set_up (self);
  if (code == CURLE_OK && receivers) {
    curl_easy_setopt (self->curl, CURLOPT_MAIL_RCPT, receivers);
    curl_easy_setopt (self->curl, CURLOPT_READDATA, &upload);
    code = curl_easy_perform (self->curl);
    curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, answer);
  }
  curl_slist_free_all (receivers);
  if (code != CURLE_OK)
    hang_up (self);
  return receivers ? code : CURLE_OUT_OF_MEMORY;
}

/* Answers message, "went" | "failed" | "refused", reason. */
static void send_next (thread_t *self) {
  zmsg_t *msg = zlist_pop (self->queue);
  zframe_t *message = zmsg_first (msg), *address = zmsg_next (msg), *mail = zmsg_next (msg);
  char *receiver = zframe_strdup (address);
  char reason[200];
  long answer = 0;
  CURLcode code = send_mail (self, receiver, zframe_data (mail), zframe_size (mail), &answer);
  bool refused = code != CURLE_OK && answer >= 500 && answer < 600 && code != CURLE_LOGIN_DENIED;
  snprintf (reason, sizeof reason, "%s%s%.0ld", curl_easy_strerror (code), answer ? ", the server answered " : "",
            answer);
  zstr_free (&receiver);
  const char *word = code == CURLE_OK ? "went" : refused ? "refused" : "failed";
  const char *why = code == CURLE_OK ? "" : reason;
  if (!self->ended)
    hand_over (self->pipe, zframe_data (message), zframe_size (message), word, why, strlen (why));
  zmsg_destroy (&msg);
}

static void run (zsock_t *pipe, void *args) {
  thread_t self = {.pipe = pipe, .settings = *(settings_t *)args, .queue = zlist_new ()};
  mns_handover_give ();
  zsock_signal (pipe, 0);
  zpoller_t *poller = zpoller_new (pipe, NULL);
  while (!self.ended) {
    if (zlist_size (self.queue))
      look_at_pipe (&self, 0, 0, 0, 0);
    else if (zpoller_wait (poller, self.curl ? IDLE_MS : -1))
      take_message (&self);
    else if (zpoller_terminated (poller))
      self.ended = true;
    else
      hang_up (&self);
    if (!self.ended && zlist_size (self.queue))
      send_next (&self);
  }
  for (zmsg_t *msg; (msg = zlist_pop (self.queue));)
    zmsg_destroy (&msg);
  zlist_destroy (&self.queue);
  zpoller_destroy (&poller);
  hang_up (&self);
}

/* ---- the service's side ------------------------------------------------------------------------------------------ */

mns_rc_t sender_new (sender_t **out, const mns_config_t *config, mns_error_t *error) {
  settings_t settings;
  memset (&settings, 0, sizeof settings);
  mns_text_copy (settings.url, sizeof settings.url, config->smtp_url);
  mns_text_copy (settings.from, sizeof settings.from, config->smtp_from);
  mns_text_copy (settings.user, sizeof settings.user, config->smtp_user);
  mns_text_copy (settings.password_file, sizeof settings.password_file, config->smtp_password_file);
  if (strncmp (settings.url, "smtp://", 7) != 0 && strncmp (settings.url, "smtps://", 8) != 0)
    return mns_fail (error, MNS_INVALID, "smtp_url", "\"%s\" begins neither with smtp:// nor with smtps://",
                     settings.url);
  if (settings.user[0] && !settings.password_file[0])
    return mns_fail (error, MNS_MISSING, "smtp_password_file", "smtp_user needs a file with its password");
  if (curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return mns_fail (error, MNS_MEMORY, "smtp_url", "libcurl cannot be started");
  sender_t *sender = mns_alloc (sizeof *sender);
  sender->actor = zactor_new (run, &settings);
  mns_handover_take ();
  if (!sender->actor) {
    free (sender);
    return mns_fail (error, MNS_MEMORY, "smtp_url", "the sender's thread cannot be started");
  }
  zsock_set_sndtimeo (sender->actor, 0);
  *out = sender;
  return MNS_OK;
}

void sender_destroy (sender_t **owner) {
  sender_t *sender = *owner;
  if (!sender)
    return;
  zsock_set_sndtimeo (sender->actor, 1000); /* "$TERM" must get through */
  zactor_destroy (&sender->actor);
  curl_global_cleanup ();
  free (sender);
  *owner = NULL;
}

bool sender_give (sender_t *sender, uint64_t message, const char *address, const mns_buffer_t *mail) {
  return hand_over (zactor_sock (sender->actor), &message, sizeof message, address, mail->data, mail->size);
}

bool sender_take (sender_t *sender, sender_result_t *result) {
  memset (result, 0, sizeof *result);
  if (!(zsock_events (sender->actor) & ZMQ_POLLIN))
    return false;
  zmsg_t *msg = zmsg_recv (sender->actor);
  mns_handover_take ();
  zframe_t *message = msg ? zmsg_first (msg) : NULL;
  bool whole = message && zmsg_size (msg) == 3 && zframe_size (message) == sizeof result->message;
  if (whole) {
    zframe_t *word = zmsg_next (msg), *reason = zmsg_next (msg);
    memcpy (&result->message, zframe_data (message), sizeof result->message);
    result->went = zframe_streq (word, "went");
    result->refused = zframe_streq (word, "refused");
    snprintf (result->reason, sizeof result->reason, "%.*s", (int)zframe_size (reason), (char *)zframe_data (reason));
  }
  zmsg_destroy (&msg);
  return whole;
}
