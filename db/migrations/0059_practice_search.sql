-- Practices are searched in the language they are read in: words by the dictionary of each language,
-- Japanese, Korean and Chinese by two letters in a row, since most of their words are no longer.

-- The same words, however they were typed: one form of each letter, and no punctuation but between
-- letters of a word.
CREATE FUNCTION search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(lower(normalize(given, NFKC)),
    '[\u00a0-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u3004\u3008-\u3020\u30fb\ufe00-\ufe6f\ufeff]+', ' ', 'g')
$$;

-- Letters of languages that are written without spaces between words, or whose words are as short:
-- kana, Chinese characters, Korean syllables.
CREATE FUNCTION search_pairs(plain text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(run, place, 2)), '{}')
  FROM regexp_matches(plain, '[\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af]+', 'g') AS found (runs),
    LATERAL (SELECT runs[1] AS run) one,
    LATERAL generate_series(1, greatest(length(run) - 1, 1)) AS place
$$;
CREATE FUNCTION search_words(plain text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(plain, '[\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af]+', ' ', 'g')
$$;
CREATE FUNCTION search_is_paired(locale text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT split_part(locale, '-', 1) IN ('ja', 'ko', 'zh')
$$;

-- Of Postgres; a language without one keeps its words as they are.
CREATE FUNCTION search_dictionary(locale text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE split_part(locale, '-', 1)
    WHEN 'en' THEN 'pg_catalog.english'::regconfig
    WHEN 'de' THEN 'pg_catalog.german'::regconfig
    WHEN 'fr' THEN 'pg_catalog.french'::regconfig
    WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
    WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
    WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
    WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
    ELSE 'pg_catalog.simple'::regconfig
  END
$$;

CREATE FUNCTION search_document(locale text, given text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN search_is_paired(locale)
    THEN array_to_tsvector(search_pairs(plain)) || to_tsvector('pg_catalog.simple', search_words(plain))
    ELSE to_tsvector(search_dictionary(locale), plain) END
  FROM (SELECT search_plain(given) AS plain) p
$$;

-- Every word of it, in any order; words in quotation marks one after the other, a word after a minus not.
CREATE FUNCTION search_question(locale text, given text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN search_is_paired(locale)
    THEN coalesce((SELECT string_agg(CASE WHEN length(pair) = 1 THEN pair || ':*' ELSE pair END, ' & ')
        FROM unnest(search_pairs(plain)) AS pair)::tsquery, ''::tsquery)
      && websearch_to_tsquery('pg_catalog.simple', search_words(plain))
    ELSE websearch_to_tsquery(search_dictionary(locale), plain) END
  FROM (SELECT search_plain(given) AS plain) p
$$;

-- Each text that may be read: the source, and the translations of it that are approved.
CREATE TABLE practice_text (
  practice_id uuid NOT NULL REFERENCES practice,
  locale text NOT NULL,
  content_id uuid NOT NULL REFERENCES content,
  -- Null for the source, which is read wherever it is cleared.
  approved_for text[],
  -- As of the practice: what was found is put in its order without looking at anything else.
  published_at timestamptz NOT NULL,
  title tsvector NOT NULL,
  document tsvector NOT NULL,
  PRIMARY KEY (locale, practice_id)
) PARTITION BY LIST (locale);
-- Of one language lie together, each with an index of its own: who looks in one reads no other.
CREATE TABLE practice_text_en PARTITION OF practice_text FOR VALUES IN ('en');
CREATE TABLE practice_text_de PARTITION OF practice_text FOR VALUES IN ('de');
CREATE TABLE practice_text_fr PARTITION OF practice_text FOR VALUES IN ('fr');
CREATE TABLE practice_text_es PARTITION OF practice_text FOR VALUES IN ('es');
CREATE TABLE practice_text_pt PARTITION OF practice_text FOR VALUES IN ('pt-BR');
CREATE TABLE practice_text_ja PARTITION OF practice_text FOR VALUES IN ('ja');
CREATE TABLE practice_text_zh PARTITION OF practice_text FOR VALUES IN ('zh-Hans');
CREATE TABLE practice_text_ko PARTITION OF practice_text FOR VALUES IN ('ko');
CREATE TABLE practice_text_ar PARTITION OF practice_text FOR VALUES IN ('ar');
CREATE TABLE practice_text_hi PARTITION OF practice_text FOR VALUES IN ('hi');
CREATE TABLE practice_text_other PARTITION OF practice_text DEFAULT;
CREATE INDEX practice_text_document ON practice_text USING gin (document);
CREATE INDEX practice_text_practice ON practice_text (practice_id);
CREATE INDEX practice_text_content ON practice_text (content_id);
CREATE INDEX practice_newest ON practice (published_at DESC, id) WHERE status = 'published';

CREATE FUNCTION practice_text_of(changed uuid) RETURNS void LANGUAGE sql AS $$
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
    FROM practice p JOIN practice_translation t ON t.practice_id = p.id
      AND t.status = 'approved' AND t.source_hash = p.source_hash AND t.locale <> p.source_locale
    WHERE p.id = changed AND p.status = 'published' AND p.published_at IS NOT NULL
  ) texts JOIN content c ON c.id = texts.content_id AND c.body IS NOT NULL
$$;

CREATE FUNCTION practice_text_of_practice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM practice_text_of(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER practice_text_new AFTER INSERT ON practice
  FOR EACH ROW EXECUTE FUNCTION practice_text_of_practice();
CREATE TRIGGER practice_text_changed AFTER UPDATE ON practice FOR EACH ROW
  WHEN ((OLD.status, OLD.content_id, OLD.source_hash) IS DISTINCT FROM (NEW.status, NEW.content_id, NEW.source_hash))
  EXECUTE FUNCTION practice_text_of_practice();

CREATE FUNCTION practice_text_of_translation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM practice_text_of(coalesce(NEW.practice_id, OLD.practice_id));
  RETURN NULL;
END $$;
CREATE TRIGGER practice_text_translated AFTER INSERT OR UPDATE OR DELETE ON practice_translation
  FOR EACH ROW EXECUTE FUNCTION practice_text_of_translation();

-- What is erased is found by nobody.
CREATE FUNCTION practice_text_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM practice_text WHERE content_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER practice_text_erase AFTER UPDATE ON content FOR EACH ROW
  WHEN (OLD.body IS NOT NULL AND NEW.body IS NULL) EXECUTE FUNCTION practice_text_erased();

-- What there was before.
SELECT practice_text_of(id) FROM practice;
