-- What waits for a person, found without walking the whole inbox: message ids
-- are kept until they expire, so the inbox is long and these rows are few.

CREATE INDEX inbox_held ON inbox (seq) WHERE state = 3;
