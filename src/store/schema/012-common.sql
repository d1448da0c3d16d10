-- A node that an older copy was put back into: whom it has asked for what it
-- lost. It makes nothing new before each of them has answered.

CREATE TABLE restored (
	peer TEXT NOT NULL PRIMARY KEY,
	point_us INTEGER NOT NULL,	-- the newest entry of the copy's log
	asked_us INTEGER NOT NULL,
	heard_us INTEGER NOT NULL DEFAULT 0,	-- 0: no answer yet
	again INTEGER NOT NULL DEFAULT 0,	-- messages it sends again
	wave INTEGER NOT NULL DEFAULT 0	-- the highest of ours that it knows
) STRICT;
