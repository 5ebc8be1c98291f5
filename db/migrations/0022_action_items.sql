-- How well a handoff was understood: how often it was read back, and whether the first time did.
ALTER TABLE handoff
  ADD read_backs int NOT NULL DEFAULT 0,
  -- Null until custody moved by a confirmed read-back.
  ADD first_time boolean,
  -- When the read-back that stands was given.
  ADD accepted_at timestamptz;

-- What is to be done for an account. A row is never changed: what becomes of it is in its events.
CREATE TABLE action_item (
  id uuid PRIMARY KEY,
  account_id text NOT NULL REFERENCES account,
  content_id uuid NOT NULL REFERENCES content,
  due_at timestamptz NOT NULL,
  -- The handoff whose packet it was in, or which was open when it was added.
  loop_id uuid REFERENCES loop_instance,
  -- Added while that handoff was open: its packet does not tell of it.
  is_late boolean NOT NULL,
  created_by text NOT NULL REFERENCES person,
  created_at timestamptz NOT NULL
);
CREATE INDEX action_item_account ON action_item (account_id, due_at, id);
CREATE INDEX action_item_loop ON action_item (loop_id) WHERE loop_id IS NOT NULL;
CREATE INDEX action_item_content ON action_item (content_id);

-- Each says whose it is from then on, and whether it is still to be done; the last one holds.
CREATE TABLE action_item_event (
  item_id uuid NOT NULL REFERENCES action_item,
  sequence int NOT NULL CHECK (sequence > 0),
  type text NOT NULL CHECK (type IN ('added', 'done', 'reopened', 'assigned', 'moved', 'dropped')),
  owner_id text NOT NULL REFERENCES person,
  is_open boolean NOT NULL CHECK (is_open = (type NOT IN ('done', 'dropped'))),
  -- Null when it follows from something else: custody that moved, an owner who left.
  by_id text REFERENCES person,
  on_behalf_of text REFERENCES person,
  loop_id uuid REFERENCES loop_instance,
  -- The request that asked for it: a repeat is the same event.
  command_id text UNIQUE,
  at timestamptz NOT NULL,
  PRIMARY KEY (item_id, sequence)
);
CREATE INDEX action_item_event_owner ON action_item_event (owner_id);

CREATE VIEW action_item_now AS
  SELECT i.*, e.sequence, e.type, e.owner_id, e.is_open, e.at AS changed_at
  FROM action_item i
  CROSS JOIN LATERAL (
    SELECT * FROM action_item_event WHERE item_id = i.id ORDER BY sequence DESC LIMIT 1) e;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = '23514';
END $$;
CREATE TRIGGER action_item_append_only BEFORE UPDATE OR DELETE ON action_item
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER action_item_event_append_only BEFORE UPDATE OR DELETE ON action_item_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What became known after a handoff was over; the packet stays as it was.
CREATE TABLE handoff_note (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES handoff,
  author_id text NOT NULL REFERENCES person,
  content_id uuid NOT NULL UNIQUE REFERENCES content,
  at timestamptz NOT NULL
);
CREATE INDEX handoff_note_loop ON handoff_note (loop_id, at, id);

-- That a text holds what the rules warn of: which rule and where, never the words.
CREATE TABLE red_flag (
  content_id uuid NOT NULL REFERENCES content ON DELETE CASCADE,
  code text NOT NULL,
  place text NOT NULL,
  -- Null where nobody was asked before it was said.
  acknowledged_by text REFERENCES person,
  at timestamptz NOT NULL,
  PRIMARY KEY (content_id, code, place)
);
