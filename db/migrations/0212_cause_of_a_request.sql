-- The rule that a request is named by what exceptions changed, and by nothing else, held for no entry without a cause:
-- a comparison with NULL is no refusal.
ALTER TABLE budget_transfer ADD CONSTRAINT budget_transfer_request_has_cause
  CHECK (request_id IS NULL OR (cause IS NOT NULL AND cause <> 'tolerance'));
