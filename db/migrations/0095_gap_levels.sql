-- Thousands of gaps are written when an audit closes. The three levels never change: a check says the
-- same of each row as looking it up twice, and takes a tenth of it.
ALTER TABLE competency_gap
  DROP CONSTRAINT competency_gap_level_fkey,
  DROP CONSTRAINT competency_gap_target_fkey,
  ADD CHECK (level IN ('beginner', 'intermediate', 'advanced')),
  ADD CHECK (target IN ('beginner', 'intermediate', 'advanced'));
