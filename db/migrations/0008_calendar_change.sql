-- The open loops a change of working time touched, noted in the transaction of the change itself: each
-- is told to plan again, and says which shown deadlines that moved. No reference to loop_instance: its
-- check would wait for a step that waits for this very change.
CREATE TABLE calendar_change_loop (
  change_id uuid NOT NULL REFERENCES calendar_change,
  loop_id uuid NOT NULL,
  told_at timestamptz,
  -- Its first plan that was made with the change.
  planned_at timestamptz,
  -- [{ "task": "handoff.read_back", "person": "…", "from": ms, "to": ms }, …]
  moved jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (change_id, loop_id)
);
CREATE INDEX calendar_change_loop_waiting ON calendar_change_loop (loop_id) WHERE planned_at IS NULL;
CREATE INDEX calendar_change_loop_untold ON calendar_change_loop (change_id) WHERE told_at IS NULL;
