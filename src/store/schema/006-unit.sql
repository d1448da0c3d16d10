-- What the unit has yet to send or to tell of those that were halted.

CREATE INDEX halted_waiting ON halted (authority, wave, institution, ordinal)
	WHERE state = 'waiting';
CREATE INDEX halted_unreported ON halted (authority) WHERE reported = 0;
