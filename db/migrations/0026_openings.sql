-- A loop that a step of another begins: kept with that step, begun after its commit, once.
CREATE TABLE loop_opening (
  -- Of the loop it opens.
  id uuid PRIMARY KEY,
  loop text NOT NULL,
  command jsonb NOT NULL,
  opened_by uuid NOT NULL REFERENCES loop_instance,
  at timestamptz NOT NULL,
  settled_at timestamptz,
  -- Why its own record refused it: a code of the problems.
  refused text
);
CREATE INDEX loop_opening_waiting ON loop_opening (at, id) WHERE settled_at IS NULL;
CREATE INDEX loop_opening_refused ON loop_opening (id) WHERE refused IS NOT NULL;
