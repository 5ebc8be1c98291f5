-- Words about a loop, outside its steps: they change nothing that anybody decides upon.
CREATE TABLE comment (
  id uuid PRIMARY KEY,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  author_id text NOT NULL REFERENCES person,
  -- The words themselves, which can be erased.
  content_id uuid NOT NULL UNIQUE REFERENCES content,
  at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('mail', 'page', 'api')),
  -- The request or the mail it came with: a repeat is the same comment.
  source_id text NOT NULL UNIQUE
);
CREATE INDEX comment_loop ON comment (loop_id, at, id);
