-- A recall that reached many is told in several transactions; null until everyone has been told.
ALTER TABLE practice_recall ADD COLUMN told_all_at timestamptz;
UPDATE practice_recall SET told_all_at = at;
CREATE INDEX practice_recall_untold ON practice_recall (at) WHERE told_all_at IS NULL;
