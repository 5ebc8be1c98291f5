-- When the fiscal year of a region begins: a month of its wall clock; named after the year it begins in.
ALTER TABLE region ADD COLUMN fiscal_start_month int NOT NULL DEFAULT 1
  CHECK (fiscal_start_month BETWEEN 1 AND 12);

-- Units of the currency for one euro, as published for a day. Never changed: what was reserved with
-- a rate names it.
CREATE TABLE exchange_rate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$' AND currency <> 'EUR'),
  day date NOT NULL,
  units_per_euro numeric NOT NULL CHECK (units_per_euro > 0),
  source text NOT NULL,
  imported_at timestamptz NOT NULL,
  UNIQUE (currency, day, source)
);
CREATE TRIGGER exchange_rate_append_only BEFORE UPDATE OR DELETE ON exchange_rate
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What is left is never below zero, whoever writes; the sums are those of the postings.
CREATE TABLE budget_line (
  id uuid PRIMARY KEY,
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  -- Of the wall clock of its region, as it was when the line was made.
  fiscal_year int NOT NULL,
  begins_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > begins_at),
  purpose text NOT NULL CHECK (purpose ~ '^[a-z][a-z0-9-]{0,63}$'),
  -- For developing leaders alone.
  is_ring_fenced boolean NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  allocated bigint NOT NULL DEFAULT 0 CHECK (allocated >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  committed bigint NOT NULL DEFAULT 0 CHECK (committed >= 0),
  closed_at timestamptz,
  CHECK (allocated - reserved - committed >= 0),
  UNIQUE (region_id, fiscal_year, purpose)
);

CREATE TABLE budget_reservation (
  id uuid PRIMARY KEY,
  line_id uuid NOT NULL REFERENCES budget_line,
  -- In the currency of the line.
  amount bigint NOT NULL CHECK (amount > 0),
  -- As it was asked for, with the rates it was converted with; both null in the line's own currency,
  -- one null where that is the euro.
  asked_amount bigint NOT NULL CHECK (asked_amount > 0),
  asked_currency text NOT NULL,
  from_rate_id bigint REFERENCES exchange_rate,
  to_rate_id bigint REFERENCES exchange_rate,
  reserved_at timestamptz NOT NULL
);
CREATE INDEX budget_reservation_line ON budget_reservation (line_id);
CREATE TRIGGER budget_reservation_append_only BEFORE UPDATE OR DELETE ON budget_reservation
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The key lets a reservation end once.
CREATE TABLE budget_ending (
  reservation_id uuid PRIMARY KEY REFERENCES budget_reservation,
  kind text NOT NULL CHECK (kind IN ('committed', 'voided', 'expired')),
  committed bigint NOT NULL CHECK (committed >= 0 AND (committed > 0) = (kind = 'committed')),
  at timestamptz NOT NULL
);
CREATE TRIGGER budget_ending_append_only BEFORE UPDATE OR DELETE ON budget_ending
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One transfer: what moves, and why; its id is that of the command, so that a repeat finds it.
CREATE TABLE budget_transfer (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('allocate', 'carry', 'reserve', 'commit', 'void', 'expire')),
  line_id uuid NOT NULL REFERENCES budget_line,
  reservation_id uuid REFERENCES budget_reservation,
  author_id text REFERENCES person,
  reason text,
  at timestamptz NOT NULL,
  CHECK ((kind IN ('allocate', 'carry')) = (reservation_id IS NULL)),
  CHECK (kind <> 'allocate' OR (author_id IS NOT NULL AND reason IS NOT NULL)),
  CHECK (length(reason) BETWEEN 1 AND 500)
);
CREATE INDEX budget_transfer_line ON budget_transfer (line_id, at);
CREATE INDEX budget_transfer_reservation ON budget_transfer (reservation_id);
CREATE TRIGGER budget_transfer_append_only BEFORE UPDATE OR DELETE ON budget_transfer
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Double entry: what one account gets, others give. Of a line: funded gives to available, available
-- to reserved, reserved to committed; exchange and rounding are the two sides of a conversion.
CREATE TABLE budget_posting (
  transfer_id uuid NOT NULL REFERENCES budget_transfer,
  line_id uuid NOT NULL REFERENCES budget_line,
  account text NOT NULL CHECK (account IN
    ('funded', 'available', 'reserved', 'committed', 'asked', 'exchange', 'rounding')),
  currency text NOT NULL,
  minor bigint NOT NULL,
  -- Of the minor unit: what rounding added or took.
  millionths bigint NOT NULL DEFAULT 0 CHECK (millionths BETWEEN -500000 AND 500000),
  CHECK (minor <> 0 OR millionths <> 0),
  CHECK (millionths = 0 OR account IN ('exchange', 'rounding')),
  PRIMARY KEY (transfer_id, line_id, account, currency)
);
CREATE INDEX budget_posting_line ON budget_posting (line_id);
CREATE TRIGGER budget_posting_append_only BEFORE UPDATE OR DELETE ON budget_posting
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION check_budget_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM budget_posting WHERE transfer_id = NEW.transfer_id
      GROUP BY currency HAVING sum(minor) <> 0 OR sum(millionths) <> 0) THEN
    RAISE EXCEPTION 'the postings of transfer % do not add up to nothing', NEW.transfer_id
      USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER budget_postings_balance AFTER INSERT ON budget_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_budget_postings();
