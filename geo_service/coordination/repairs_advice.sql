-- The newest advice on these repairs. `:advice` is a JSON list.
UPDATE repairs r
SET verdict = s.verdict, verdict_until = s.until, held = s.blocked
FROM jsonb_to_recordset(CAST(:advice AS jsonb)) AS s (id uuid, verdict text, until date, blocked boolean)
WHERE r.id = s.id
