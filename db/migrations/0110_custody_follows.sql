-- What has become part of another account is owned by whoever owns that one: no step moves it by itself.
CREATE OR REPLACE FUNCTION move_custody(account text, new_owner text, moved_at timestamptz, by_loop uuid)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  current custody%ROWTYPE := lock_custody(account);
  moment timestamptz;
BEGIN
  IF current.account_id IS NULL THEN
    RAISE EXCEPTION 'account % has no owner to move it from', account USING ERRCODE = 'P0002';
  END IF;
  PERFORM FROM account AS part
    JOIN custody whole ON whole.account_id = part.merged_into AND upper_inf(whole.period)
    WHERE part.id = move_custody.account AND whole.owner_id <> new_owner;
  IF FOUND THEN
    RAISE EXCEPTION 'account % follows the one it is part of', account USING ERRCODE = 'P0001';
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
