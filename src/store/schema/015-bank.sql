-- 回答期限 of the ward's signed approval; '': the file came before it was kept.

ALTER TABLE bank_file ADD COLUMN deadline TEXT NOT NULL DEFAULT '';
