-- What became of each translation that was decided upon: a machine's beside people's own, so that a
-- region can tell whether the machine helps there.
CREATE TABLE translation_outcome (
  practice_id uuid NOT NULL REFERENCES practice,
  -- The transition that decided it.
  sequence int NOT NULL,
  locale text NOT NULL,
  -- Of whoever decided.
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  -- Whether a machine had proposed a text for this source and language.
  began_with text NOT NULL CHECK (began_with IN ('machine', 'person')),
  -- edited: approved in other words than the machine's; of what people wrote alone it is `unchanged`.
  outcome text NOT NULL CHECK (outcome IN ('unchanged', 'edited', 'refused')),
  -- When the first text of it was there: the machine's, or the one that was decided upon.
  began_at timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, sequence),
  CHECK (began_with = 'machine' OR outcome <> 'edited')
);
CREATE INDEX translation_outcome_region ON translation_outcome (region_id, decided_at);
