-- Replies by mail that did not become a comment, and why: kept a month for whoever asks after one.
CREATE TABLE held_reply (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  -- Whose message it answers.
  person_id text NOT NULL REFERENCES person,
  reason text NOT NULL,
  -- Whom it says it is from, and its words as far as they were read.
  sender text,
  words text,
  at timestamptz NOT NULL
);
CREATE INDEX held_reply_person ON held_reply (person_id, at);
CREATE INDEX held_reply_at ON held_reply (at);

-- What a mail server reports of a message that it had taken.
ALTER TABLE notice_event DROP CONSTRAINT notice_event_what_check;
ALTER TABLE notice_event ADD CONSTRAINT notice_event_what_check CHECK (what IN
  ('planned', 'delayed', 'bundled', 'rerouted', 'tried', 'sent', 'returned', 'cancelled', 'superseded',
    'failed', 'retried', 'dropped'));
