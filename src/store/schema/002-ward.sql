-- The files waiting for an officer's check, oldest first.

CREATE INDEX check_waiting ON check_file (arrived_us) WHERE state = 'waiting';
