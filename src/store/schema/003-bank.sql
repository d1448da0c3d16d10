-- Files whose state no status message has told yet: few, among many.

CREATE INDEX bank_file_unreported ON bank_file (authority) WHERE reported = 0;
