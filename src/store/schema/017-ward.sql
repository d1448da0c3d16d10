-- 代決: decided by the approver on behalf of another, with the reason. Never
-- on behalf of who asked (S4).

ALTER TABLE wave ADD COLUMN decided_for TEXT NOT NULL DEFAULT ''
	CHECK (decided_for = '' OR (decided_for <> requester AND decided_for <> drafter AND decided_for <> approver));
ALTER TABLE wave ADD COLUMN decided_reason TEXT NOT NULL DEFAULT '';
