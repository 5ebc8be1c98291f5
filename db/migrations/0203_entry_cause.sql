-- Why the ledger itself changed what a line has, and for which request; whatever the words of an entry are. What is
-- there already is known by the ids that it was given, not by its words.
ALTER TABLE budget_transfer
  ADD cause text CHECK (cause IN ('tolerance', 'exception', 'exception_returned')),
  ADD request_id uuid REFERENCES budget_request,
  ADD CHECK (cause IS NULL OR kind = 'allocate'),
  ADD CHECK ((cause IN ('exception', 'exception_returned')) = (request_id IS NOT NULL));

-- As `db/derived-id.ts` makes them; its parts are UUIDs and words, which JSON leaves as they are.
CREATE FUNCTION pg_temp.derived_id(VARIADIC parts text[]) RETURNS uuid LANGUAGE sql AS $$
  SELECT encode(set_byte(set_byte(h, 6, get_byte(h, 6) & 15 | 128), 8, get_byte(h, 8) & 63 | 128), 'hex')::uuid
  FROM (SELECT substring(sha256(convert_to('["' || array_to_string(parts, '","') || '"]', 'UTF8')) FOR 16) AS h) s
$$;

ALTER TABLE budget_transfer DISABLE TRIGGER budget_transfer_append_only;
UPDATE budget_transfer t SET cause = 'tolerance'
FROM budget_reservation r
WHERE t.kind = 'allocate' AND t.reason = 'Spent within the tolerance.' AND r.line_id = t.line_id
  AND t.id = pg_temp.derived_id('budget tolerance', r.id::text);
UPDATE budget_transfer t SET cause = 'exception', request_id = b.id
FROM budget_request b
WHERE t.kind = 'allocate' AND b.is_exception AND t.reason = 'Exception for the request ' || b.id || '.'
  AND t.id = pg_temp.derived_id('budget exception', b.id::text, t.line_id::text);
-- Its id names what the line had and when, so it is known by the step of the request that it was part of.
UPDATE budget_transfer t SET cause = 'exception_returned', request_id = g.request_id
FROM budget_transfer g
WHERE t.kind = 'allocate' AND g.cause = 'exception' AND g.line_id = t.line_id
  AND t.reason = 'Exception for the request ' || g.request_id || ': not needed.'
  AND EXISTS (SELECT FROM transition s WHERE s.loop_id = g.request_id AND s.at = t.at);
ALTER TABLE budget_transfer ENABLE TRIGGER budget_transfer_append_only;
DROP FUNCTION pg_temp.derived_id(text[]);

CREATE INDEX budget_transfer_cause ON budget_transfer (line_id, cause) WHERE cause IS NOT NULL;
CREATE INDEX budget_transfer_request ON budget_transfer (request_id) WHERE request_id IS NOT NULL;
