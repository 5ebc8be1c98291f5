-- What became of a translation that was sent back: whoever proposed it reads why, and nothing else of the work on it.
CREATE TABLE practice_translation_refused (
  practice_id uuid NOT NULL REFERENCES practice,
  content_id uuid NOT NULL REFERENCES content,
  locale text NOT NULL,
  proposer_id text NOT NULL REFERENCES person,
  note_id uuid NOT NULL REFERENCES content,
  at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, content_id)
);
CREATE INDEX practice_translation_refused_mine
  ON practice_translation_refused (practice_id, proposer_id);
INSERT INTO practice_translation_refused
SELECT t.loop_id, (e->>'content')::uuid, e->>'locale', e->>'proposer', (e->>'note')::uuid, max(t.at)
FROM transition t JOIN practice p ON p.id = t.loop_id, jsonb_array_elements(t.events) e
WHERE e->>'type' = 'translationRefused' AND e->>'proposer' IS NOT NULL
GROUP BY t.loop_id, (e->>'content')::uuid, e->>'locale', e->>'proposer', (e->>'note')::uuid
ON CONFLICT DO NOTHING;
