-- Unused money of a line, offered once ahead of the end of its year: a line is of one region, year and
-- purpose, so its key is that of the offer too.
CREATE TABLE budget_offer (
  line_id uuid PRIMARY KEY REFERENCES budget_line,
  at timestamptz NOT NULL,
  -- What was available then, in the line's currency.
  available bigint NOT NULL CHECK (available > 0)
);

-- To whom: they may read what it is for and how to ask, whatever else of the line they may see.
CREATE TABLE budget_offer_person (
  line_id uuid NOT NULL REFERENCES budget_offer,
  person_id text NOT NULL REFERENCES person,
  notice_id uuid NOT NULL REFERENCES notice,
  PRIMARY KEY (line_id, person_id)
);
CREATE INDEX budget_offer_person_of ON budget_offer_person (person_id);
