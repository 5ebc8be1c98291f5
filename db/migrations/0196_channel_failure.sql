-- What a provider has not taken, for all workers together: how many in a row are a burst, and whose messages were refused
-- before anybody could know that everybody's are. One row for a channel and a kind, with the latest of them and no more; what
-- the provider takes removes it.
CREATE TABLE channel_failure (
  channel text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('failed', 'refused')),
  latest jsonb NOT NULL CHECK (jsonb_array_length(latest) BETWEEN 1 AND 50),
  PRIMARY KEY (channel, kind)
);
