/* Transition tables: one search over the rows, and its table as documentation. */
#include "common/machine.h"
#include "common/text.h"
#include <string.h>

static const char *state_word (const mns_machine_t *machine, mns_code_t state) {
  return state ? mns_code_word (machine->states, state) : "none";
}

static bool row_fits (const mns_transition_t *row, mns_code_t state, mns_code_t event) {
  return row->state == state && row->event == event;
}

/* The events that have a row in `state`, each once: "hold, end". */
static void list_possible (const mns_machine_t *machine, mns_code_t state, char *list, size_t size) {
  mns_code_t last = 0;
  mns_text_copy (list, size, "");
  for (mns_code_t event = 1; event <= machine->events->count; event++)
    for (size_t i = 0; i < machine->count; i++)
      if (event != last && row_fits (&machine->rows[i], state, event)) {
        size_t used = strlen (list);
        mns_text_copy (list + used, size - used, last ? ", " : "");
        used = strlen (list);
        mns_text_copy (list + used, size - used, mns_code_word (machine->events, event));
        last = event;
      }
}

static mns_rc_t fail_state (const mns_machine_t *machine, mns_code_t state, mns_code_t event, mns_error_t *error) {
  char possible[256];
  list_possible (machine, state, possible, sizeof possible);
  return mns_fail (error, MNS_WRONG_STATE, machine->name, "in state '%s' there is no '%s'; possible: %s",
                   state_word (machine, state), mns_code_word (machine->events, event),
                   possible[0] ? possible : "nothing, it is final");
}

mns_rc_t mns_machine_next (const mns_machine_t *machine, mns_code_t state, mns_code_t event, mns_guard_t guard,
                           const void *facts, mns_code_t *next, mns_error_t *error) {
  const mns_transition_t *refused = NULL;
  for (size_t i = 0; i < machine->count; i++) {
    const mns_transition_t *row = &machine->rows[i];
    if (!row_fits (row, state, event))
      continue;
    if (!row->guard || (guard && guard (row->guard, facts))) {
      *next = row->next;
      return MNS_OK;
    }
    refused = row;
  }
  if (!refused)
    return fail_state (machine, state, event, error);
  return mns_fail (error, MNS_WRONG_STATE, machine->name, "in state '%s' '%s' is possible only with: %s",
                   state_word (machine, state), mns_code_word (machine->events, event),
                   machine->guards->rows[refused->guard - 1].en);
}

/* ---- the table itself -------------------------------------------------------------------------------------------- */

static bool codes_exist (const mns_machine_t *machine, const mns_transition_t *row) {
  uint16_t guards = machine->guards ? machine->guards->count : 0;
  return row->state <= machine->states->count && row->event && row->event <= machine->events->count && row->next &&
         row->next <= machine->states->count && row->guard <= guards;
}

/* An earlier row of the same state and event that always holds, or holds under the same guard. */
static bool is_hidden (const mns_machine_t *machine, size_t at) {
  const mns_transition_t *row = &machine->rows[at];
  for (size_t i = 0; i < at; i++)
    if (row_fits (&machine->rows[i], row->state, row->event) &&
        (!machine->rows[i].guard || machine->rows[i].guard == row->guard))
      return true;
  return false;
}

static bool is_reached (const mns_machine_t *machine, mns_code_t state) {
  for (size_t i = 0; i < machine->count; i++)
    if (machine->rows[i].next == state && machine->rows[i].state != state)
      return true;
  return false;
}

mns_rc_t mns_machine_check (const mns_machine_t *machine, mns_error_t *error) {
  for (size_t i = 0; i < machine->count; i++) {
    if (!codes_exist (machine, &machine->rows[i]))
      return mns_fail (error, MNS_UNKNOWN_CODE, machine->name, "row %zu has a code outside its table", i);
    if (is_hidden (machine, i))
      return mns_fail (error, MNS_CONFLICT, machine->name, "row %zu is never tried: an earlier one always comes first",
                       i);
  }
  for (mns_code_t state = 1; state <= machine->states->count; state++)
    if (!is_reached (machine, state))
      return mns_fail (error, MNS_CONFLICT, machine->name, "no row leads to state '%s'", state_word (machine, state));
  return MNS_OK;
}

void mns_machine_markdown (const mns_machine_t *machine, mns_buffer_t *out) {
  mns_buffer_printf (out, "### %s\n\n| state | event | only with | next state |\n|---|---|---|---|\n", machine->name);
  for (size_t i = 0; i < machine->count; i++) {
    const mns_transition_t *row = &machine->rows[i];
    mns_buffer_printf (out, "| %s | %s | %s | %s |\n", state_word (machine, row->state),
                       mns_code_word (machine->events, row->event),
                       row->guard ? machine->guards->rows[row->guard - 1].en : "", state_word (machine, row->next));
  }
  mns_buffer_printf (out, "\n");
}
