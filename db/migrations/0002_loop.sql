-- The engine's own tables: the same for every loop.
CREATE TABLE loop_instance (
  id uuid PRIMARY KEY,
  loop text NOT NULL,
  -- Sequence of the next transition: 0 while nothing is recorded.
  sequence int NOT NULL DEFAULT 0,
  -- Counts changes of what a person decides upon; the ETag.
  revision int NOT NULL DEFAULT 0,
  version int NOT NULL DEFAULT 1,
  state jsonb,
  moments jsonb NOT NULL DEFAULT '[]',
  next_moment_at timestamptz,
  last_at timestamptz,
  last_hash bytea,
  account_id text REFERENCES account,
  held_at timestamptz,
  opened_at timestamptz,
  closed_at timestamptz
);
CREATE INDEX loop_instance_open ON loop_instance (loop, id) WHERE closed_at IS NULL;
CREATE INDEX loop_instance_due ON loop_instance (next_moment_at) WHERE closed_at IS NULL;

CREATE TABLE transition (
  loop_id uuid NOT NULL REFERENCES loop_instance,
  sequence int NOT NULL,
  command_id text NOT NULL,
  command_type text NOT NULL,
  actor_id text,
  on_behalf_of text,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  revision int NOT NULL,
  version int NOT NULL,
  events jsonb NOT NULL,
  contents uuid[] NOT NULL,
  state jsonb NOT NULL,
  moments jsonb NOT NULL,
  computed_with jsonb NOT NULL,
  previous_hash bytea,
  hash bytea NOT NULL,
  PRIMARY KEY (loop_id, sequence),
  UNIQUE (loop_id, command_id)
);

-- Everyone named in the state of a loop: they may see it.
CREATE TABLE loop_party (
  loop_id uuid NOT NULL REFERENCES loop_instance,
  person_id text NOT NULL REFERENCES person,
  PRIMARY KEY (loop_id, person_id)
);
CREATE INDEX loop_party_person ON loop_party (person_id);

-- A human step. Open while closed_sequence is null; closed by exactly one transition.
CREATE TABLE task (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  kind text NOT NULL,
  person_id text NOT NULL REFERENCES person,
  since timestamptz NOT NULL,
  due_at timestamptz,
  opened_sequence int NOT NULL,
  closed_sequence int,
  closed_at timestamptz
);
CREATE UNIQUE INDEX task_open_once ON task (loop_id, kind, person_id) WHERE closed_sequence IS NULL;
CREATE INDEX task_inbox ON task (person_id, due_at, id) WHERE closed_sequence IS NULL;

-- What the engine cannot settle by itself waits here for an operator.
CREATE TABLE operator_task (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  moment_id text NOT NULL,
  problem text NOT NULL,
  refusals int NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  UNIQUE (loop_id, moment_id)
);

-- Text that people wrote. Erasing drops body and salt; the hash stays, so the chain still holds.
CREATE TABLE content (
  id uuid PRIMARY KEY,
  author_id text NOT NULL REFERENCES person,
  kind text NOT NULL,
  body jsonb,
  salt bytea,
  hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  erased_at timestamptz,
  CHECK ((body IS NULL) = (erased_at IS NOT NULL)),
  CHECK ((salt IS NULL) = (erased_at IS NOT NULL))
);

CREATE TABLE notice (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  sequence int NOT NULL,
  recipient_id text NOT NULL REFERENCES person,
  key text NOT NULL,
  params jsonb NOT NULL,
  urgency text NOT NULL CHECK (urgency IN ('now', 'working', 'digest')),
  channel text NOT NULL,
  task_id uuid REFERENCES task,
  revision int NOT NULL DEFAULT 1,
  send_at timestamptz NOT NULL,
  -- planned → sending → sent; or cancelled, superseded; or failed after its last try.
  status text NOT NULL CHECK (status IN ('planned', 'sending', 'sent', 'cancelled', 'superseded', 'failed')),
  -- Why it waits, was re-planned, cancelled or failed: a code with a sentence in the catalogues.
  reason text,
  -- Its delivery activity has been started for this revision.
  started_revision int,
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  message_id text NOT NULL,
  rendered bytea,
  settled_at timestamptz,
  UNIQUE (loop_id, sequence, recipient_id, key)
);
CREATE INDEX notice_unsent ON notice (send_at) WHERE status IN ('planned', 'sending');
CREATE INDEX notice_loop ON notice (loop_id);

-- Exactly one owner of an account at every instant.
CREATE TABLE custody (
  account_id text NOT NULL REFERENCES account,
  owner_id text NOT NULL REFERENCES person,
  period tstzrange NOT NULL CHECK (NOT isempty(period) AND lower(period) IS NOT NULL),
  loop_id uuid REFERENCES loop_instance,
  PRIMARY KEY (account_id, period WITHOUT OVERLAPS)
);
CREATE INDEX custody_owner ON custody (owner_id) WHERE upper_inf(period);

-- The open period of an account, locked. Whoever waited for a move finds the row of before closed,
-- so it looks again; each look waits for the move before it, until the open one is its own.
CREATE FUNCTION lock_custody(account text) RETURNS custody LANGUAGE plpgsql AS $$
DECLARE
  current custody%ROWTYPE;
BEGIN
  WHILE EXISTS (SELECT 1 FROM custody WHERE custody.account_id = account AND upper_inf(period)) LOOP
    SELECT * INTO current FROM custody
      WHERE custody.account_id = account AND upper_inf(period) FOR UPDATE;
    IF FOUND THEN RETURN current; END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- The only way custody moves: closes the current period and opens the next at one instant.
CREATE FUNCTION move_custody(account text, new_owner text, moved_at timestamptz, by_loop uuid)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  current custody%ROWTYPE := lock_custody(account);
  moment timestamptz;
BEGIN
  IF current.account_id IS NULL THEN
    RAISE EXCEPTION 'account % has no owner to move it from', account USING ERRCODE = 'P0002';
  END IF;
  -- An empty period is refused by the key, so two moves at one instant are a millisecond apart.
  moment := greatest(moved_at, lower(current.period) + interval '1 millisecond');
  UPDATE custody SET period = tstzrange(lower(period), moment)
    WHERE custody.account_id = account AND upper_inf(period);
  INSERT INTO custody VALUES (account, new_owner, tstzrange(moment, NULL), by_loop);
  RETURN moment;
END $$;

CREATE FUNCTION check_custody_of(account text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account a WHERE a.id = account) THEN RETURN; END IF;
  IF (SELECT count(*) FROM custody c WHERE c.account_id = account AND upper_inf(c.period)) <> 1 THEN
    RAISE EXCEPTION 'account % must have exactly one owner', account USING ERRCODE = '23514', CONSTRAINT = 'custody_one_owner';
  END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT lower(period) AS opens, lag(upper(period)) OVER (ORDER BY lower(period)) AS closed
      FROM custody c WHERE c.account_id = account
    ) p WHERE p.closed IS NOT NULL AND p.closed <> p.opens
  ) THEN
    RAISE EXCEPTION 'account % has an instant without an owner', account USING ERRCODE = '23514', CONSTRAINT = 'custody_no_gap';
  END IF;
END $$;

-- Of the account a row was of, and of the one it is of now.
CREATE FUNCTION check_custody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM check_custody_of(OLD.account_id); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM check_custody_of(NEW.account_id); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION check_account_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_custody_of(NEW.id);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER custody_complete AFTER INSERT OR UPDATE OR DELETE ON custody
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_custody();
CREATE CONSTRAINT TRIGGER account_has_owner AFTER INSERT ON account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_account_owner();
