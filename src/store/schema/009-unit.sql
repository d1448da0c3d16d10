-- The ward's word on an inquiry that its layout held (parties/mend.h):
-- personal data, which goes with its wave.

ALTER TABLE halted ADD COLUMN mend TEXT NOT NULL DEFAULT '';
