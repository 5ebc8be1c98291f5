-- Looked at with each step that may move an account: those few that nobody took.
CREATE INDEX alert_unanswered ON alert (raised_at, id) WHERE status = 'unanswered' AND closed_at IS NULL;
