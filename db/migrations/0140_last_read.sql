-- When somebody read a text of it last: a recall speaks the language of that, while what each quarter
-- received is counted by the first time.
ALTER TABLE practice_delivery ADD COLUMN last_at timestamptz;
UPDATE practice_delivery SET last_at = at;
ALTER TABLE practice_delivery ALTER COLUMN last_at SET NOT NULL;
