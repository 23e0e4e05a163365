/* The configuration: defaults, file, environment, in this order; and the file written back with its help texts. */
#include "common/config.h"
#include "common/clock.h"
#include "common/dir.h"
#include "common/log.h"
#include "common/text.h"
#include "common/yaml.h"
#include <ctype.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const mns_field_t fields[] = { MNS_CONFIG_FIELDS (MNS_FIELD_, mns_config_t) };
/* clang-format on */
const mns_record_type_t mns_config_type = {.name = "config",
                                           .version = 1,
                                           .field_count = sizeof fields / sizeof fields[0],
                                           .size = sizeof (mns_config_t),
                                           .fields = fields,
                                           .en = "Configuration of a stack or a service",
                                           .zh = "配置"};

/* ---- defaults ---------------------------------------------------------------------------------------------------- */

static const struct {
  const char *name, *text;
} defaults[] = {
    {"utc_offset_s", "28800"},
    {"clock_offset_s", "0"},
    {"language", "en"},
    {"log_level", "info"},
    {"bus_listen", "tcp://127.0.0.1:5710"},
    {"feed_listen", "tcp://127.0.0.1:5711"},
    {"feed_curve", "no"},
    {"metrics_listen", "off"},
    {"log_keep_streams", "registry, exchange, assistance, places, catalogue"},
    {"log_keep_days", "400"},
    {"log_keep_mib", "0"},
    {"outbox_max", "100000"},
    {"outbox_keep_mib", "64"},
    {"consumer_lag_records", "100000"},
    {"consumer_lag_minutes", "10"},
    {"figures_every_ms", "1000"},
    {"closing_day", "5"},
    {"release_day", "15"},
    {"import_batch", "1000"},
    {"account_subscriptions", "1024"},
    {"account_connections", "2048"},
    {"account_bytes_per_second", "33554432"},
};

static void default_bus (mns_config_t *config) {
  if (config->data[0] && strlen (config->data) + sizeof "ipc:///run/bus" <= sizeof config->bus)
    snprintf (config->bus, sizeof config->bus, "ipc://%.*s/run/bus", (int)sizeof config->bus - 15, config->data);
}

void mns_config_defaults (mns_config_t *config) {
  char data[sizeof config->data];
  memcpy (data, config->data, sizeof data);
  mns_record_clear (&mns_config_type, config);
  memcpy (config->data, data, sizeof data);
  for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
    mns_field_parse (mns_record_field (&mns_config_type, defaults[i].name), config, defaults[i].text, NULL);
  default_bus (config);
}

void mns_config_data (const char *option, char data[256]) {
  const char *chosen = option && *option ? option : getenv ("MNS_DATA");
  char path[PATH_MAX], real[PATH_MAX];
  if (chosen && *chosen) {
    snprintf (path, sizeof path, "%s", chosen);
  } else {
    const struct passwd *user = getpwuid (getuid ());
    const char *home = getenv ("HOME");
    snprintf (path, sizeof path, "%s/.local/share/minsheng", home && *home ? home : user ? user->pw_dir : "");
  }
  if (realpath (path, real))
    snprintf (path, sizeof path, "%s", real);
  else if (path[0] != '/' && getcwd (real, sizeof real) && strlen (real) + strlen (path) + 2 <= sizeof path) {
    strcat (real, "/");
    strncat (real, path, sizeof real - strlen (real) - 1);
    snprintf (path, sizeof path, "%s", real);
  }
  mns_text_copy (data, 256, path);
}

/* ---- what a value must be, beyond its kind ----------------------------------------------------------------------- */

static const char *const languages[] = {"en", "zh", NULL};
static const char *const levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const answers[] = {"yes", "no", NULL};
static const char *const transports[] = {"tcp://", "ipc://", "inproc://", NULL};
static const char *const listens[] = {"tcp://", "off", NULL};
static const char *const mails[] = {"smtp://", "smtps://", NULL};

/* `words`: the value is one of them; otherwise it begins with one of them. An empty value is allowed. */
static const struct {
  const char *name;
  bool words;
  const char *const *allowed;
} choices[] = {
    {"language", true, languages}, {"log_level", true, levels},    {"feed_curve", true, answers},
    {"bus", false, transports},    {"bus_listen", false, listens}, {"feed_listen", false, listens},
    {"smtp_url", false, mails},
};

static int find_word (const char *const *words, const char *text, bool whole) {
  for (int i = 0; words[i]; i++)
    if (whole ? !strcmp (words[i], text) : !strncmp (words[i], text, strlen (words[i])))
      return i;
  return -1;
}

static void list_words (const char *const *words, char *text, size_t size) {
  size_t used = 0;
  text[0] = 0;
  for (int i = 0; words[i] && used < size; i++)
    used += (size_t)snprintf (text + used, size - used, "%s%s", i ? ", " : "", words[i]);
}

static mns_rc_t check_choice (const mns_config_t *config, size_t i, mns_error_t *error) {
  char value[300], allowed[80];
  const mns_field_t *field = mns_record_field (&mns_config_type, choices[i].name);
  mns_field_format (field, config, value, sizeof value);
  if (!value[0] || find_word (choices[i].allowed, value, choices[i].words) >= 0)
    return MNS_OK;
  list_words (choices[i].allowed, allowed, sizeof allowed);
  return mns_fail (error, MNS_INVALID, choices[i].name, "'%s' is not allowed: %s %s", value,
                   choices[i].words ? "one of" : "begins with one of", allowed);
}

/* ---- file and environment ---------------------------------------------------------------------------------------- */

static mns_rc_t read_file (mns_config_t *config, mns_buffer_t *mistakes, mns_error_t *error) {
  char path[MNS_PATH_MAX];
  mns_rc_t rc = mns_dir_join (path, config->data, "mns.yaml", error);
  if (rc != MNS_OK || access (path, F_OK) != 0)
    return rc;
  mns_yaml_t *yaml = mns_yaml_open (path, error);
  if (!yaml)
    return error ? error->rc : MNS_IO;
  mns_config_t read = *config;
  mns_yaml_record (yaml, &mns_config_type, &read);
  for (size_t i = 0; i < mns_config_type.field_count; i++)
    if (!mns_field_absent (&fields[i], &read))
      memcpy ((char *)config + fields[i].offset, (char *)&read + fields[i].offset, fields[i].size);
  for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
    mns_error_t wrong = {0};
    if (check_choice (config, i, &wrong) != MNS_OK)
      mns_yaml_mistake (yaml, NULL, 0, choices[i].name, "%s", wrong.detail);
  }
  rc = mns_yaml_finish (yaml, error);
  if (rc != MNS_OK && mistakes)
    mns_buffer_printf (mistakes, "%s", mns_yaml_mistakes (yaml));
  mns_yaml_destroy (&yaml);
  return rc;
}

static void variable_of (const mns_field_t *field, char *variable, size_t size) {
  snprintf (variable, size, "MNS_%s", field->name);
  for (char *at = variable; *at; at++)
    *at = (char)toupper ((unsigned char)*at);
}

static void add_mistake (mns_buffer_t *mistakes, const char *where, const mns_error_t *wrong) {
  if (mistakes)
    mns_buffer_printf (mistakes, "%s: %s\n", where, wrong->detail);
}

static mns_rc_t read_variable (mns_config_t *config, const mns_field_t *field, mns_buffer_t *mistakes,
                               mns_error_t *error) {
  char variable[64];
  mns_error_t wrong = {0};
  variable_of (field, variable, sizeof variable);
  const char *value = getenv (variable);
  if (!value || mns_field_parse (field, config, value, &wrong) == MNS_OK)
    return MNS_OK;
  add_mistake (mistakes, variable, &wrong);
  return mns_fail (error, wrong.rc, variable, "the environment variable is wrong: %s", wrong.detail);
}

static mns_rc_t read_environment (mns_config_t *config, mns_buffer_t *mistakes, mns_error_t *error) {
  mns_rc_t first = MNS_OK;
  for (size_t i = 0; i < mns_config_type.field_count; i++) {
    mns_rc_t rc = read_variable (config, &fields[i], mistakes, first == MNS_OK ? error : NULL);
    first = first == MNS_OK ? rc : first;
  }
  for (size_t i = 0; first == MNS_OK && i < sizeof choices / sizeof choices[0]; i++) {
    char variable[64];
    mns_error_t wrong = {0};
    variable_of (mns_record_field (&mns_config_type, choices[i].name), variable, sizeof variable);
    if (!getenv (variable) || check_choice (config, i, &wrong) == MNS_OK)
      continue;
    add_mistake (mistakes, variable, &wrong);
    first = mns_fail (error, wrong.rc, variable, "the environment variable is wrong: %s", wrong.detail);
  }
  return first;
}

mns_rc_t mns_config_load (mns_config_t *config, const char *data, bool apply, mns_buffer_t *mistakes,
                          mns_error_t *error) {
  memset (config, 0, sizeof *config);
  if (!mns_text_copy (config->data, sizeof config->data, data))
    return mns_fail (error, MNS_TOO_LONG, "data", "the path of the data directory is longer than %zu bytes",
                     sizeof config->data - 1);
  mns_config_defaults (config);
  mns_rc_t rc = read_file (config, mistakes, error);
  mns_rc_t environment = read_environment (config, mistakes, rc == MNS_OK ? error : NULL);
  if (rc == MNS_OK)
    rc = environment;
  if (rc != MNS_OK || !apply)
    return rc;
  mns_log_set_level ((mns_log_level_t)find_word (levels, config->log_level, true));
  mns_clock_set_offset (config->clock_offset_s);
  return MNS_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* A text that YAML could take for something else stands in single quotes. */
static void write_value (const mns_field_t *field, const char *value, mns_buffer_t *out) {
  if (field->kind != MNS_KIND_TEXT) {
    mns_buffer_printf (out, "%s", value);
    return;
  }
  mns_buffer_add (out, "'", 1);
  for (const char *at = value; *at; at++) {
    if (*at == '\'')
      mns_buffer_add (out, "'", 1);
    mns_buffer_add (out, at, 1);
  }
  mns_buffer_add (out, "'", 1);
}

static void write_field (const mns_config_t *config, const mns_config_t *plain, const mns_field_t *field,
                         mns_buffer_t *out) {
  char value[300], usual[300];
  mns_field_format (field, config, value, sizeof value);
  mns_field_format (field, plain, usual, sizeof usual);
  if (!strcmp (value, usual))
    return;
  mns_buffer_printf (out, "\n# %s\n# %s\n%s: ", field->en, field->zh, field->name);
  write_value (field, value, out);
  mns_buffer_printf (out, "\n");
}

mns_rc_t mns_config_save (const mns_config_t *config, mns_error_t *error) {
  mns_config_t plain;
  mns_buffer_t out = {0};
  char path[MNS_PATH_MAX];
  memset (&plain, 0, sizeof plain);
  memcpy (plain.data, config->data, sizeof plain.data);
  mns_config_defaults (&plain);
  mns_buffer_printf (&out, "# Minsheng: what differs from the defaults (mns schema config lists every key).\n");
  for (size_t i = 0; i < mns_config_type.field_count; i++)
    write_field (config, &plain, &fields[i], &out);
  mns_rc_t rc = mns_dir_join (path, config->data, "mns.yaml", error);
  if (rc == MNS_OK)
    rc = mns_dir_write_file (path, out.data, out.size, 0600, error);
  mns_buffer_fini (&out);
  return rc;
}
