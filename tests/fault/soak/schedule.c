/* The faults of a run. */
#include "tests/fault/soak/schedule.h"
#include <string.h>

const char *const soak_part_names[SOAK_PARTS] = {"broker", "toy", "tally", "echo", "asker-1", "asker-2", "reader"};
const char *const soak_line_names[SOAK_LINES] = {"toy", "tally", "echo", "asker-2", "reader"};

/* What is drawn how often. */
static const struct {
  soak_kind_t kind;
  int weight, targets; /* the first so many of its table */
} draws[] = {{SOAK_KILL, 56, SOAK_PARTS},        {SOAK_POWER, 8, SOAK_ECHO + 1}, {SOAK_STOP, 8, SOAK_PARTS},
             {SOAK_FULL, 4, SOAK_ECHO + 1},      {SOAK_NET, 14, SOAK_LINES},     {SOAK_RESET, 4, SOAK_LINES},
             {SOAK_LOSE, 6, SOAK_LINE_TALLY + 1}};

/* What a line may lose, and get over. A lost CREDIT alone stays lost: no network loses a message and keeps the
 * connection, that is done here to see the numbers of events looked at. */
static const struct {
  int line;
  proxy_way_t way;
  mns_frame_kind_t kind;
} losses[] = {{SOAK_LINE_TALLY, PROXY_DOWN, MNS_EVT},   {SOAK_LINE_TALLY, PROXY_DOWN, MNS_IDLE},
              {SOAK_LINE_TALLY, PROXY_UP, MNS_SUB},     {SOAK_LINE_TALLY, PROXY_DOWN, MNS_SUBOK},
              {SOAK_LINE_TOY, PROXY_UP, MNS_PUB},       {SOAK_LINE_TOY, PROXY_DOWN, MNS_PACK},
              {SOAK_LINE_TOY, PROXY_DOWN, MNS_REQUEST}, {SOAK_LINE_TOY, PROXY_UP, MNS_REPLY},
              {SOAK_LINE_TOY, PROXY_UP, MNS_HELLO},     {SOAK_LINE_TOY, PROXY_DOWN, MNS_WELCOME}};

static const struct {
  proxy_mode_t mode;
  int least, most; /* of its value */
} modes[] = {{PROXY_CUT, 0, 0},  {PROXY_STOP_UP, 0, 0},    {PROXY_STOP_DOWN, 0, 0},
             {PROXY_STOP, 0, 0}, {PROXY_DELAY, 100, 3000}, {PROXY_TRICKLE, 500, 20000}};

/* splitmix64, so that a seed means the same everywhere. */
static uint64_t draw (soak_schedule_t *schedule) {
  uint64_t z = schedule->state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static int between (soak_schedule_t *schedule, int least, int most) {
  return least + (int)(draw (schedule) % (uint64_t)(most - least + 1));
}

static size_t draw_kind (soak_schedule_t *schedule) {
  int sum = 0;
  size_t i = 0;
  for (size_t k = 0; k < sizeof draws / sizeof draws[0]; k++)
    sum += draws[k].weight;
  for (int left = between (schedule, 0, sum - 1); left >= draws[i].weight; i++)
    left -= draws[i].weight;
  return i;
}

static void draw_mode (soak_schedule_t *schedule, soak_fault_t *fault) {
  size_t i = (size_t)between (schedule, 0, sizeof modes / sizeof modes[0] - 1);
  fault->mode = modes[i].mode;
  fault->value = between (schedule, modes[i].least, modes[i].most);
}

static void draw_loss (soak_schedule_t *schedule, soak_fault_t *fault) {
  size_t i = (size_t)between (schedule, 0, sizeof losses / sizeof losses[0] - 1);
  fault->target = losses[i].line;
  fault->way = losses[i].way;
  fault->message = losses[i].kind;
  fault->value = between (schedule, 1, 6);
}

/* Mostly short; one in twelve longer than any patience of the bus. */
static int draw_time (soak_schedule_t *schedule) {
  return between (schedule, 0, 11) == 0 ? between (schedule, 16000, 20000) : between (schedule, 50, 5000);
}

void soak_schedule_init (soak_schedule_t *schedule, uint64_t seed, int gap_ms) {
  *schedule = (soak_schedule_t){.state = seed, .gap_ms = gap_ms};
}

soak_fault_t soak_schedule_next (soak_schedule_t *schedule) {
  soak_fault_t fault = {.number = ++schedule->drawn};
  size_t i = draw_kind (schedule);
  schedule->at_ms += between (schedule, schedule->gap_ms / 4, schedule->gap_ms * 7 / 4);
  fault.at_ms = schedule->at_ms;
  fault.kind = draws[i].kind;
  fault.target = between (schedule, 0, draws[i].targets - 1);
  if (fault.kind == SOAK_NET)
    draw_mode (schedule, &fault);
  if (fault.kind == SOAK_LOSE)
    draw_loss (schedule, &fault);
  if (fault.kind != SOAK_RESET)
    fault.lasts_ms =
        fault.kind == SOAK_KILL || fault.kind == SOAK_POWER ? between (schedule, 0, 400) : draw_time (schedule);
  return fault;
}

void soak_fault_text (const soak_fault_t *fault, char *text, size_t size) {
  static const char *const kinds[] = {"kill", "power", "stop", "full", "line", "reset", "lose"};
  static const char *const mode_names[PROXY_MODES] = {"pass", "cut",   "stop-up", "stop-down",
                                                      "stop", "delay", "trickle"};
  bool on_line = fault->kind >= SOAK_NET;
  int used = snprintf (text, size, "%llu at %lld ms: %s %s", (unsigned long long)fault->number, (long long)fault->at_ms,
                       kinds[fault->kind], on_line ? soak_line_names[fault->target] : soak_part_names[fault->target]);
  if (fault->kind == SOAK_NET)
    used += snprintf (text + used, size - (size_t)used, " %s %d", mode_names[fault->mode], fault->value);
  if (fault->kind == SOAK_LOSE)
    used += snprintf (text + used, size - (size_t)used, " every %d. %s of kind %d", fault->value,
                      fault->way == PROXY_UP ? "up" : "down", (int)fault->message);
  if (fault->kind != SOAK_RESET)
    snprintf (text + used, size - (size_t)used, " for %d ms", fault->lasts_ms);
}
