-- Who looks after a wave since a transfer of staff (異動); '': who asked. The
-- requester of what was submitted stays who it was (S4).

ALTER TABLE wave ADD COLUMN charge TEXT NOT NULL DEFAULT '';
