-- The read model of a request for development money; the truth is its transitions.
CREATE TABLE budget_request (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  requester_id text NOT NULL REFERENCES person,
  -- The requester's, as it was at submission.
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  purpose text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  involves_professionals boolean NOT NULL,
  is_exception boolean NOT NULL,
  -- Below a threshold alone, beyond it with others of the last days.
  is_split boolean NOT NULL,
  currency text NOT NULL,
  asked bigint NOT NULL CHECK (asked > 0),
  -- Less or more than asked for, once decided.
  granted bigint CHECK (granted > 0),
  line_currency text NOT NULL,
  -- Of this request alone, by the rates of its submission.
  in_line bigint NOT NULL CHECK (in_line > 0),
  policy text NOT NULL,
  -- The competency gap and the plan that it serves, by their ids.
  gap_id text,
  plan_id uuid,
  -- How long the requester stays afterwards, or pays back.
  service_months int NOT NULL CHECK (service_months >= 0),
  request_id uuid NOT NULL REFERENCES content,
  outcome_id uuid REFERENCES content,
  ends_at timestamptz NOT NULL,
  close_out_due_at timestamptz,
  submitted_at timestamptz NOT NULL,
  decided_at timestamptz,
  closed_at timestamptz
);
CREATE INDEX budget_request_requester ON budget_request (requester_id, submitted_at DESC, id);
CREATE INDEX budget_request_plan ON budget_request (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX budget_request_region ON budget_request (region_id, submitted_at DESC, id);

-- Part of the whole, kept on the line of the fiscal year in which it is due.
CREATE TABLE budget_instalment (
  request_id uuid NOT NULL REFERENCES budget_request,
  position int NOT NULL CHECK (position >= 0),
  line_id uuid NOT NULL REFERENCES budget_line,
  due_on date NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  spent bigint CHECK (spent > 0),
  evidence_id uuid REFERENCES content,
  PRIMARY KEY (request_id, position)
);
CREATE INDEX budget_instalment_line ON budget_instalment (line_id);

-- Whatever is or was kept for an instalment.
CREATE TABLE budget_request_reservation (
  reservation_id uuid PRIMARY KEY REFERENCES budget_reservation,
  request_id uuid NOT NULL,
  position int NOT NULL,
  FOREIGN KEY (request_id, position) REFERENCES budget_instalment
);
CREATE INDEX budget_request_reservation_of ON budget_request_reservation (request_id, position);

-- Who decided what, and how long it had waited for them in their working time.
CREATE TABLE budget_decision (
  request_id uuid NOT NULL REFERENCES budget_request,
  sequence int NOT NULL,
  step text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('approved', 'excepted', 'rejected', 'asked')),
  person_id text NOT NULL REFERENCES person,
  acted_by text NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  waited_minutes int NOT NULL CHECK (waited_minutes >= 0),
  PRIMARY KEY (request_id, sequence)
);
CREATE TRIGGER budget_decision_append_only BEFORE UPDATE OR DELETE ON budget_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What was learned, offered to the practices; each stays as offered until one is made of it.
CREATE TABLE lesson_offer (
  request_id uuid PRIMARY KEY REFERENCES budget_request,
  author_id text NOT NULL REFERENCES person,
  content_id uuid NOT NULL REFERENCES content,
  status text NOT NULL DEFAULT 'offered' CHECK (status IN ('offered', 'taken', 'declined')),
  offered_at timestamptz NOT NULL
);
