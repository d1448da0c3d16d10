-- What its next hop would not take, until those who wait for it are told.

ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_untold ON outbox (seq) WHERE state >= 2 AND told = 0;
