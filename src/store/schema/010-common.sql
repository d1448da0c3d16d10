-- Why, in the words of the officer who returned it; '' where a program did.
ALTER TABLE refused ADD COLUMN reason TEXT NOT NULL DEFAULT '';
