-- What the entries of a line are read by, the latest first.
CREATE INDEX budget_transfer_entries ON budget_transfer (line_id, at DESC, id)
  WHERE kind IN ('allocate', 'carry');
