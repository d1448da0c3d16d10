-- Files that their bank would not take.

ALTER TABLE hub_file ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
