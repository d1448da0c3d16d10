-- The newest entries about one object are found without walking all of them.

DROP INDEX log_object_of;
CREATE INDEX log_object_of ON log_object (kind, object, lane, seq);
