/* Any bytes as the body of a request or of an EVT: a turn answers or refuses, and never ends the process. */
#include "common/log.h"
#include "common/records/codes.h"
#include "common/text.h"
#include "common/turn.h"
#include "tests/support/folder.h"
#include "tests/support/toy.h"
#include <stdlib.h>
#include <string.h>

static mns_turn_t *open_turn (void) {
  static mns_config_t config;
  char folder[MNS_PATH_MAX];
  mns_turn_t *turn = NULL;
  mns_error_t error;
  if (test_folder_make (folder) != 0)
    abort ();
  mns_text_copy (config.data, sizeof config.data, folder);
  mns_config_defaults (&config);
  mns_log_set_level (MNS_LOG_ERROR);
  if (mns_turn_open (&turn, &lenient_tally_service, &config, &error) != MNS_OK ||
      mns_outbox_begin_epoch (&turn->outbox, 1) != MNS_OK)
    abort ();
  return turn;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size) {
  static mns_turn_t *turn;
  static const char *const commands[] = {"tally.total", "tally.status", "tally.backup"};
  mns_job_t jobs[2] = {{.kind = MNS_JOB_REQUEST}, {.kind = MNS_JOB_EVENTS}};
  if (size == 0)
    return 0;
  if (!turn)
    turn = open_turn ();
  turn->stopped = false;
  for (size_t i = 0; i < 2; i++) {
    jobs[i].body = data + 1;
    jobs[i].size = size - 1;
  }
  mns_text_copy (jobs[0].command, sizeof jobs[0].command, commands[data[0] % 3]);
  jobs[0].caller.role = MNS_ADMINISTRATOR;
  jobs[0].key = mns_uuid_new ();
  jobs[1].offset = (mns_offset_t){1, turn->offset.number + 1, 1};
  mns_turn_run (turn, jobs, 2);
  return 0;
}
