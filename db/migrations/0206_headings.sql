-- A list shows the title as it is written: kept with what it is found by, so that a search reads no text
-- whole. Of a practice whose source is erased nothing is read, nor found by its translations.
ALTER TABLE practice_text ADD COLUMN heading text NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION practice_text_of(changed uuid) RETURNS void LANGUAGE sql AS $$
  DELETE FROM practice_text WHERE practice_id = changed;
  INSERT INTO practice_text (practice_id, locale, content_id, approved_for, published_at, heading, title,
    document)
  SELECT changed, locale, c.id, approved_for, published_at, coalesce(c.body->>'title', ''),
    search_document(locale, c.body->>'title'),
    search_document(locale, concat_ws(E'\n', c.body->>'title', c.body->>'situation',
      c.body->>'action', c.body->>'result', c.body->>'indication', c.body->>'evidence'))
  FROM (
    SELECT source_locale AS locale, content_id, NULL::text[] AS approved_for, published_at
    FROM practice WHERE id = changed AND status = 'published' AND published_at IS NOT NULL
    UNION ALL
    SELECT t.locale, t.content_id, t.approved_for, p.published_at
    FROM practice p JOIN content source ON source.id = p.content_id AND source.body IS NOT NULL
    JOIN practice_wording t ON t.practice_id = p.id
      AND t.status = 'approved' AND t.source_hash = p.source_hash AND t.locale <> p.source_locale
    WHERE p.id = changed AND p.status = 'published' AND p.published_at IS NOT NULL
  ) texts JOIN content c ON c.id = texts.content_id AND c.body IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION practice_text_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM practice_text WHERE practice_id IN (
    SELECT practice_id FROM practice_text WHERE content_id = NEW.id AND approved_for IS NULL);
  DELETE FROM practice_text WHERE content_id = NEW.id;
  RETURN NULL;
END $$;
