-- A recall may call fewer than everyone of before a version: whom it no longer reaches (`narrowed`), whose
-- country lost the product (`uncleared`), or who read one translation that was wrong (`mistranslated`).
-- The sequence of one that no step of the practice did is negative.
ALTER TABLE practice_recall DROP CONSTRAINT practice_recall_kind_check,
  ADD CONSTRAINT practice_recall_kind_check CHECK (
    kind IN ('withdrawn', 'corrected', 'narrowed', 'uncleared', 'mistranslated')),
  ADD content_id uuid REFERENCES content,
  ADD product text,
  -- `*`: every country.
  ADD country text,
  ADD CONSTRAINT practice_recall_of CHECK (
    (kind = 'mistranslated') = (content_id IS NOT NULL)
    AND (kind = 'uncleared') = (product IS NOT NULL)
    AND (kind = 'uncleared') = (country IS NOT NULL));
