-- What an officer has decided about an inquiry that its layout held: sent
-- with other items, or with the loss (parties/mend.h). Personal data.

ALTER TABLE halt ADD COLUMN mend TEXT NOT NULL DEFAULT '';
