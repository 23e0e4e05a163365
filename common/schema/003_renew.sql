-- A store that was put back (mns restore): once what waits in the outbox is acknowledged, the producer begins this
-- epoch, so that no (epoch, number) is given out twice. 0: it does not.
ALTER TABLE producer ADD COLUMN next_epoch INTEGER NOT NULL DEFAULT 0;

-- While a log that was put back is read again. `gap`: what was applied and not seen may be in what was trimmed. The range
-- that was never seen again of an epoch that is over is kept: it is in this store and in no log.
ALTER TABLE applied ADD COLUMN gap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE applied ADD COLUMN lost_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE applied ADD COLUMN lost_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE applied ADD COLUMN lost_last INTEGER NOT NULL DEFAULT 0;

-- It is read again up to this log number.
ALTER TABLE consumer ADD COLUMN reread_until INTEGER NOT NULL DEFAULT 0;
