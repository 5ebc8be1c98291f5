-- An account that is closed, or has become part of another: its history stays under its own id.
ALTER TABLE account
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN merged_into text REFERENCES account,
  ADD CHECK (merged_into IS NULL OR closed_at IS NOT NULL),
  ADD CHECK (merged_into <> id);
CREATE INDEX account_merged ON account (merged_into) WHERE merged_into IS NOT NULL;

-- What has become part of an account is always its owner's: it moves at the same instant, or a
-- millisecond after its own last move.
CREATE OR REPLACE FUNCTION move_custody(account text, new_owner text, moved_at timestamptz, by_loop uuid)
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
  PERFORM move_custody(part.id, new_owner, moved_at, by_loop)
    FROM account AS part WHERE part.merged_into = move_custody.account;
  RETURN moment;
END $$;
