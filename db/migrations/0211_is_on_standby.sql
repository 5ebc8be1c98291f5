-- Whether somebody holds the account on. Volatile: asked once the account's custody is locked, it sees what was
-- committed while that was waited for.
CREATE FUNCTION is_on_standby(account text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT FROM standby WHERE account_id = account AND settled_at IS NULL)
$$;
