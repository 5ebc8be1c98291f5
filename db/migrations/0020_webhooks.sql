-- Where other systems hear of steps. One that was removed keeps neither its address nor its secrets.
CREATE TABLE webhook_endpoint (
  id uuid PRIMARY KEY,
  url text,
  secret text,
  -- Signs beside the other until its end, so that receivers can change over in peace.
  previous_secret text,
  previous_ends_at timestamptz,
  -- The request that made the current secret: its repeat takes nobody's former secret away.
  rotation_id uuid,
  -- Such as handoff.offered; empty: all there are.
  event_types text[] NOT NULL,
  -- Null: of the whole organisation.
  region_id text REFERENCES region,
  owner_id text NOT NULL REFERENCES person,
  created_at timestamptz NOT NULL,
  -- The first failure after the last delivery.
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_reason text CHECK (disabled_reason IN ('gone', 'failing', 'removed')),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CHECK ((previous_secret IS NULL) = (previous_ends_at IS NULL)),
  CHECK ((url IS NULL) = (disabled_reason IS NOT DISTINCT FROM 'removed')),
  CHECK ((secret IS NULL) = (url IS NULL))
);

-- One step told to one endpoint. The body is frozen with the step: every try sends the same bytes.
CREATE TABLE webhook_delivery (
  -- Travels as webhook-id.
  id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoint,
  loop_id uuid NOT NULL,
  sequence int NOT NULL,
  body text NOT NULL,
  planned_at timestamptz NOT NULL,
  -- planned → delivered; or failed after its last try; or dropped with its endpoint.
  status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'delivered', 'failed', 'dropped')),
  attempts int NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  -- Somebody sends it until then.
  lease_until timestamptz,
  failing_since timestamptz,
  -- What became of the last try, when it failed.
  reason text,
  settled_at timestamptz,
  FOREIGN KEY (loop_id, sequence) REFERENCES transition,
  UNIQUE (endpoint_id, loop_id, sequence),
  CHECK ((status = 'planned') = (settled_at IS NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_try_at, id)
  WHERE status = 'planned';
CREATE INDEX webhook_delivery_sending ON webhook_delivery (endpoint_id, lease_until)
  WHERE lease_until IS NOT NULL;
CREATE INDEX webhook_delivery_list ON webhook_delivery (endpoint_id, planned_at DESC, id DESC);
CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL;
