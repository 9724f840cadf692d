-- New alerts take the next places of the feed, in the order given. `:drafts` is a JSON list.
-- The caller holds the writers' lock, so nobody else takes a place meanwhile and a rolled back transaction leaves no gap.
INSERT INTO alerts (seq, type, conflict_id, repair_id, departments, data)
SELECT (SELECT coalesce(max(seq), 0) FROM alerts) + place, type, conflict_id, repair_id, departments, data
FROM ROWS FROM (
    jsonb_to_recordset(CAST(:drafts AS jsonb)) AS (type text, conflict_id uuid, repair_id uuid, departments text[], data jsonb)
) WITH ORDINALITY AS draft (type, conflict_id, repair_id, departments, data, place)
ORDER BY place
RETURNING seq
