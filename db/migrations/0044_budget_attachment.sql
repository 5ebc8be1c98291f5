-- Files beside a request, such as an offer or a receipt: never in Temporal, never changed.
CREATE TABLE budget_attachment (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES budget_request,
  author_id text NOT NULL REFERENCES person,
  -- As it is offered for saving: no path, no controls, an ending that fits what it is.
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
  bytes bytea NOT NULL CHECK (length(bytes) BETWEEN 1 AND 5242880),
  added_at timestamptz NOT NULL
);
CREATE INDEX budget_attachment_request ON budget_attachment (request_id, added_at, id);
CREATE TRIGGER budget_attachment_append_only BEFORE UPDATE ON budget_attachment
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
