/* A model of a line between broker and subscriber that loses one message: for each message of the run in turn, the loss
 * is noticed, healed by exactly one new SUB although a window of messages of the old one is still on its way, and every
 * event is applied once and in order (docs/faults.md row 28). The mutants no_subscription_id_check and no_prv_check
 * must fail here. */
#include "common/subscription.h"
#include "tests/support/test.h"

enum { EVENTS = 60, LATENCY = 12, ROUNDS_MAX = 5000, ROUND_MS = 10 };

/* The broker's side of one subscription: a cursor that sends one event a round, and IDLE at the end of the log. */
typedef struct {
  uint64_t id, cursor;
  bool told; /* SUBOK is out */
} cursor_t;

typedef struct {
  mns_frame_kind_t kind;
  mns_head_t head;
} message_t;

typedef struct {
  mns_subscription_t subscription;
  cursor_t cursor;
  uint64_t asked_id, asked_from; /* SUB on its way */
  int asked_round;
  message_t line[ROUNDS_MAX]; /* sent in round i, 0: nothing; arrives LATENCY rounds later */
  uint64_t applied, questions;
  int round;
} model_t;

static void ask (model_t *model) {
  mns_head_t head;
  if (!mns_subscription_ask (&model->subscription, (int64_t)model->round * ROUND_MS, &head))
    return;
  model->questions++;
  model->asked_id = head.subscription;
  model->asked_from = head.log_number;
  model->asked_round = model->round;
}

/* What the broker sends in this round. */
static void serve (model_t *model) {
  cursor_t *cursor = &model->cursor;
  message_t *message = &model->line[model->round];
  if (model->asked_id > 0 && model->round == model->asked_round + LATENCY)
    *cursor = (cursor_t){.id = model->asked_id, .cursor = model->asked_from};
  if (cursor->id == 0)
    return;
  mns_head_clear (&message->head);
  message->kind = !cursor->told ? MNS_SUBOK : cursor->cursor < EVENTS ? MNS_EVT : MNS_IDLE;
  message->head.subscription = cursor->id;
  message->head.log_epoch = 1;
  message->head.log_number = message->head.previous = cursor->cursor;
  cursor->cursor += message->kind == MNS_EVT;
  cursor->told = true;
  message->head.last = cursor->cursor;
}

static void take (model_t *model) {
  mns_error_t error;
  message_t *message = model->round < LATENCY ? NULL : &model->line[model->round - LATENCY];
  if (!message || message->kind == 0)
    return;
  uint64_t before = model->subscription.offset.number;
  int64_t now_ms = (int64_t)model->round * ROUND_MS;
  mns_take_t taken = mns_subscription_take (&model->subscription, message->kind, &message->head, now_ms, &error);
  assert_int_not_equal (taken, MNS_TAKE_ENDED);
  if (taken != MNS_TAKE_APPLY)
    return;
  assert_int_equal (message->head.last, before + 1);
  assert_int_equal (message->head.last, model->applied + 1);
  model->applied++;
}

/* Runs until everything is applied and the line has been quiet for a while; the `lost`-th message never arrives. */
static void run (model_t *model, int lost) {
  int sent = 0, quiet = 0;
  memset (model, 0, sizeof *model);
  mns_subscription_init (&model->subscription, "model", (mns_offset_t){1, 0, 0});
  assert_true (mns_subscription_add (&model->subscription, "registry."));
  for (; quiet < 200; model->round++) {
    assert_true (model->round < ROUNDS_MAX);
    ask (model);
    serve (model);
    message_t *message = &model->line[model->round];
    if (message->kind != 0 && ++sent == lost)
      message->kind = 0;
    take (model);
    quiet = model->applied == EVENTS ? quiet + 1 : 0;
  }
}

static void test_one_loss_costs_one_question (void **state) {
  (void)state;
  static model_t model;
  run (&model, 0);
  assert_int_equal (model.questions, 1);
  assert_int_equal (model.applied, EVENTS);
  for (int lost = 1; lost <= EVENTS; lost++) {
    run (&model, lost);
    assert_int_equal (model.applied, EVENTS);
    if (model.questions != 2)
      fail_msg ("message %d lost: %d questions instead of 2", lost, (int)model.questions);
  }
}

int main (void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_one_loss_costs_one_question)};
  return cmocka_run_group_tests (tests, NULL, NULL);
}
