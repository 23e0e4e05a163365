/* A log that was put back from a backup, or lost its end with its disk: a producer remembers acknowledged records that
 * the log does not have. What is appended from then on is of a new epoch, so that an offset behind the end is never
 * taken for one of this log, and somebody is told. Once since the start: a log cannot be put back under a broker that
 * runs. */
#include "common/log.h"
#include "services/broker/core.h"
#include "services/broker/frames.h"

static void ask (broker_t *broker) {
  const char what = BROKER_RENEW;
  uint64_t now = (uint64_t)(mns_clock.wall () / 1000000) & UINT32_MAX;
  uint64_t present = broker_tail_place (broker->tail)->epoch, epoch = now > present ? now : present + 1;
  broker_frame_send_bytes (broker->log_pipe, &what, 1, true);
  broker_frame_send_bytes (broker->log_pipe, &epoch, sizeof epoch, false);
  broker->renewing = true;
}

mns_rc_t broker_renew_check (broker_t *broker, const mns_head_t *hello, const broker_place_of_t *place,
                             mns_error_t *error) {
  if (hello->acked <= place->number || broker->renewed)
    return MNS_OK;
  if (!broker->renewing) {
    ask (broker);
    broker_alarm_raise (broker, "log_restored",
                        "the log ends before records that it had acknowledged (%s: %llu of %llu): it was restored or "
                        "is another one; producers send again what they keep; see the alarms of `mns status` for what "
                        "is lost; this alarm ends with the next start of the broker",
                        hello->producer, (unsigned long long)place->number, (unsigned long long)hello->acked);
  }
  return mns_fail (error, MNS_BUSY, hello->producer, "the log is given a new epoch: try again");
}

void broker_renewed (broker_t *broker, const broker_noted_t *noted) {
  broker->renewing = false;
  if (noted->rc != MNS_OK) {
    mns_log (MNS_LOG_ERROR, "broker", "epoch.not_renewed", "error=%s", mns_error_word (noted->rc));
    return;
  }
  broker->renewed = true;
  broker_tail_renew (broker->tail, noted->epoch);
  mns_log (MNS_LOG_WARN, "broker", "epoch.renewed", "log_epoch=%llu behind=%llu", (unsigned long long)noted->epoch,
           (unsigned long long)broker_tail_place (broker->tail)->last);
  broker_subscriptions_end_all (broker);
}
