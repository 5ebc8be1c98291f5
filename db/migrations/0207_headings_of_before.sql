-- What there was before, in a transaction of its own: nobody who searches waits for it.
DELETE FROM practice_text t USING practice p JOIN content source ON source.id = p.content_id
  WHERE p.id = t.practice_id AND source.body IS NULL;
UPDATE practice_text t SET heading = coalesce(c.body->>'title', '')
  FROM content c WHERE c.id = t.content_id;
