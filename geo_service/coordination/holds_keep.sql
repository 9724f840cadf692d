-- Keep the holds of these repairs: one that came, moved or came back, and one that ended. Each change raises the version.
WITH ended AS (
    UPDATE holds h
    SET released_on = :today, version = h.version + 1, updated_at = now()
    FROM repairs r
    WHERE h.repair_id = ANY(CAST(:repair_ids AS uuid[])) AND r.id = h.repair_id AND h.released_on IS NULL AND NOT (r.held AND r.verdict_until IS NOT NULL)
)
INSERT INTO holds AS h (repair_id, until)
SELECT r.id, r.verdict_until
FROM repairs r
WHERE r.id = ANY(CAST(:repair_ids AS uuid[])) AND r.held AND r.verdict_until IS NOT NULL
ORDER BY r.id
ON CONFLICT (repair_id) DO UPDATE
SET until = excluded.until, released_on = NULL, version = h.version + 1, updated_at = now()
WHERE h.until <> excluded.until OR h.released_on IS NOT NULL
