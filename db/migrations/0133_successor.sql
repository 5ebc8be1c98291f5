-- What a language has beside its row of `practice_translation`: a proposal that waits while another is in
-- force, and one that is still in force where its successor is not approved yet. The other table keeps one
-- a language, as builds of before write it: one in force where there is any, the latest of them.
CREATE TABLE practice_successor (
  LIKE practice_translation INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (practice_id, content_id),
  FOREIGN KEY (practice_id) REFERENCES practice,
  FOREIGN KEY (content_id) REFERENCES content,
  FOREIGN KEY (proposed_by) REFERENCES person,
  FOREIGN KEY (approved_by) REFERENCES person
);

CREATE VIEW practice_wording AS
  SELECT practice_id, locale, status, source_hash, content_id, proposed_by, approved_for
  FROM practice_translation
  UNION ALL
  SELECT practice_id, locale, status, source_hash, content_id, proposed_by, approved_for
  FROM practice_successor;

-- A country reads one text of a language, and another country may read another.
ALTER TABLE practice_text DROP CONSTRAINT practice_text_pkey;
ALTER TABLE practice_text ADD PRIMARY KEY (locale, practice_id, content_id);

CREATE OR REPLACE FUNCTION practice_text_of(changed uuid) RETURNS void LANGUAGE sql AS $$
  DELETE FROM practice_text WHERE practice_id = changed;
  INSERT INTO practice_text (practice_id, locale, content_id, approved_for, published_at, title,
    document)
  SELECT changed, locale, c.id, approved_for, published_at, search_document(locale, c.body->>'title'),
    search_document(locale, concat_ws(E'\n', c.body->>'title', c.body->>'situation',
      c.body->>'action', c.body->>'result', c.body->>'indication', c.body->>'evidence'))
  FROM (
    SELECT source_locale AS locale, content_id, NULL::text[] AS approved_for, published_at
    FROM practice WHERE id = changed AND status = 'published' AND published_at IS NOT NULL
    UNION ALL
    SELECT t.locale, t.content_id, t.approved_for, p.published_at
    FROM practice p JOIN practice_wording t ON t.practice_id = p.id
      AND t.status = 'approved' AND t.source_hash = p.source_hash AND t.locale <> p.source_locale
    WHERE p.id = changed AND p.status = 'published' AND p.published_at IS NOT NULL
  ) texts JOIN content c ON c.id = texts.content_id AND c.body IS NOT NULL
$$;

CREATE TRIGGER practice_text_succeeded AFTER INSERT OR UPDATE OR DELETE ON practice_successor
  FOR EACH ROW EXECUTE FUNCTION practice_text_of_translation();
