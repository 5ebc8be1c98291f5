-- The alert's read model; the truth is its transitions.
CREATE TABLE alert (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  account_id text NOT NULL REFERENCES account,
  owner_id text NOT NULL REFERENCES person,
  raiser_id text NOT NULL REFERENCES person,
  status text NOT NULL,
  text_id uuid NOT NULL REFERENCES content,
  item_id uuid NOT NULL REFERENCES action_item,
  due_at timestamptz NOT NULL,
  answer_minutes int NOT NULL CHECK (answer_minutes > 0),
  raised_at timestamptz NOT NULL,
  acknowledged_by text REFERENCES person,
  closed_at timestamptz
);
CREATE INDEX alert_account ON alert (account_id, raised_at DESC, id);
CREATE INDEX alert_text ON alert (text_id);

-- A message that goes by every way somebody has is one row a way, and keeps to it.
ALTER TABLE notice ADD only_channel text;
CREATE UNIQUE INDEX notice_once
  ON notice (loop_id, sequence, recipient_id, key, coalesce(only_channel, ''));
ALTER TABLE notice DROP CONSTRAINT notice_loop_id_sequence_recipient_id_key_key;
