-- Which keys belong to no customer (match/match_filter.h), so that most of
-- those asked need no look into customer_key. NULL: not made, all are asked.

ALTER TABLE import ADD COLUMN filter BLOB;
