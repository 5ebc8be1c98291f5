-- Whom a recall for the safety of patients did not reach: people who are near them are asked, one after another, to
-- tell them in person, and one of these says that it is done.
CREATE TABLE practice_unreached (
  id uuid PRIMARY KEY,
  practice_id uuid NOT NULL,
  sequence int NOT NULL,
  person_id text NOT NULL REFERENCES person,
  since timestamptz NOT NULL,
  -- In turn; empty where nobody is there to be asked. The last of them at `asked_at`, by `notice_id`.
  asked text[] NOT NULL DEFAULT '{}',
  asked_at timestamptz NOT NULL,
  notice_id uuid REFERENCES notice,
  reached_at timestamptz,
  -- Null where the message arrived after all, or they have left.
  reached_by text REFERENCES person,
  UNIQUE (practice_id, sequence, person_id),
  FOREIGN KEY (practice_id, sequence, person_id) REFERENCES practice_recall_recipient
);
CREATE INDEX practice_unreached_open ON practice_unreached (asked_at) WHERE reached_at IS NULL;
