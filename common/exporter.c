/* The exporter: libmicrohttpd with one thread. */
#include "common/exporter.h"

#include "common/board.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 16, TIMEOUT_S = 5, MEMORY = 16 * 1024, PORT_MAX = 65535, METHOD_NOT_ALLOWED = 405 };

struct mns_exporter {
  struct MHD_Daemon *daemon;
  int64_t started_ms;
};

typedef union {
  struct sockaddr any;
  struct sockaddr_in four;
  struct sockaddr_in6 six;
} address_t;

/* ---- the address ------------------------------------------------------------------------------------------------- */

static bool parse (const char *listen, address_t *address) {
  char host[INET6_ADDRSTRLEN + 2];
  const char *colon = strrchr (listen, ':');
  int64_t port;
  memset (address, 0, sizeof *address);
  if (!colon || (size_t)(colon - listen) >= sizeof host || !mns_text_parse_int (colon + 1, &port) || port < 1 ||
      port > PORT_MAX)
    return false;
  memcpy (host, listen, (size_t)(colon - listen));
  host[colon - listen] = 0;
  size_t size = strlen (host);
  if (host[0] == '[' && size > 2 && host[size - 1] == ']') {
    host[size - 1] = 0;
    address->six.sin6_family = AF_INET6;
    address->six.sin6_port = htons ((uint16_t)port);
    return inet_pton (AF_INET6, host + 1, &address->six.sin6_addr) == 1;
  }
  address->four.sin_family = AF_INET;
  address->four.sin_port = htons ((uint16_t)port);
  return inet_pton (AF_INET, host, &address->four.sin_addr) == 1;
}

bool mns_exporter_valid (const char *listen) {
  address_t address;
  return !listen[0] || strcmp (listen, "off") == 0 || parse (listen, &address);
}

static bool is_loopback (const address_t *address) {
  return address->any.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK (&address->six.sin6_addr)
                                            : ntohl (address->four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

static unsigned metrics_page (const mns_exporter_t *exporter, mns_buffer_t *out) {
  mns_process_metrics_t process;
  mns_process_metrics_read (&process);
  process.up = (uint64_t)(mns_clock.monotonic_ms () - exporter->started_ms) * 1000;
  mns_buffer_printf (out,
                     "# HELP mns_build_info Version of the programs\n# TYPE mns_build_info gauge\n"
                     "mns_build_info{version=\"%s\"} 1\n",
                     MNS_VERSION);
  for (size_t i = 0; i < mns_process_metrics.count; i++) {
    mns_metric_print_head (&mns_process_metrics, &mns_process_metrics.metrics[i], out);
    mns_metric_print (&mns_process_metrics, &mns_process_metrics.metrics[i], &process, 1, out);
  }
  mns_board_print (out);
  return MHD_HTTP_OK;
}

static unsigned health_page (const mns_exporter_t *exporter, mns_buffer_t *out) {
  (void)exporter;
  return mns_board_well (out) ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static const struct {
  const char *path, *type;
  unsigned (*make) (const mns_exporter_t *exporter, mns_buffer_t *out);
} pages[] = {{"/metrics", "text/plain; version=0.0.4; charset=utf-8", metrics_page},
             {"/healthz", "text/plain; charset=utf-8", health_page}};

static unsigned make_page (const mns_exporter_t *exporter, const char *path, const char *method, const char **type,
                           mns_buffer_t *out) {
  *type = "text/plain; charset=utf-8";
  if (strcmp (method, MHD_HTTP_METHOD_GET) != 0 && strcmp (method, MHD_HTTP_METHOD_HEAD) != 0) {
    mns_buffer_printf (out, "only GET is answered here\n");
    return METHOD_NOT_ALLOWED;
  }
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    if (strcmp (pages[i].path, path) == 0) {
      *type = pages[i].type;
      return pages[i].make (exporter, out);
    }
  mns_buffer_printf (out, "here are /metrics and /healthz\n");
  return MHD_HTTP_NOT_FOUND;
}

static enum MHD_Result answer (void *self, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version, const char *upload, size_t *upload_size, void **context) {
  mns_buffer_t out = {0};
  const char *type;
  (void)version;
  (void)upload;
  (void)upload_size;
  (void)context;
  unsigned status = make_page (self, path, method, &type, &out);
  struct MHD_Response *response = MHD_create_response_from_buffer (out.size, out.data, MHD_RESPMEM_MUST_COPY);
  mns_buffer_fini (&out);
  if (!response)
    return MHD_NO;
  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  enum MHD_Result result = MHD_queue_response (connection, status, response);
  MHD_destroy_response (response);
  return result;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

mns_rc_t mns_exporter_new (mns_exporter_t **owner, const char *listen, mns_error_t *error) {
  address_t address;
  *owner = NULL;
  if (!listen[0] || strcmp (listen, "off") == 0)
    return MNS_OK;
  if (!parse (listen, &address))
    return mns_fail (error, MNS_INVALID, "metrics_listen", "'%s' is no address with a port like 127.0.0.1:5712",
                     listen);
  mns_exporter_t *exporter = mns_alloc (sizeof *exporter);
  exporter->started_ms = mns_clock.monotonic_ms ();
  unsigned flags =
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | (address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : MHD_NO_FLAG);
  exporter->daemon = MHD_start_daemon (flags, 0, NULL, NULL, answer, exporter, MHD_OPTION_SOCK_ADDR, &address.any,
                                       MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                                       TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_END);
  if (!exporter->daemon) {
    int code = errno;
    free (exporter);
    return mns_fail (error, code == EADDRINUSE ? MNS_IN_USE : MNS_IO, listen,
                     "the metrics cannot be shown there: %s; change metrics_listen", strerror (code));
  }
  mns_log (is_loopback (&address) ? MNS_LOG_INFO : MNS_LOG_WARN, "metrics", "metrics.open", "listen=%s%s", listen,
           is_loopback (&address) ? "" : " note=\"anyone who reaches this port reads the metrics\"");
  *owner = exporter;
  return MNS_OK;
}

void mns_exporter_destroy (mns_exporter_t **owner) {
  if (!*owner)
    return;
  MHD_stop_daemon ((*owner)->daemon);
  free (*owner);
  *owner = NULL;
}
