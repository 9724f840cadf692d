-- The works and repairs of which no record is left, and whether they are open: planned or under way, not over and not finished.
SELECT gone.works_id, gone.repair_id,
       coalesce(w.certainty NOT IN ('done', 'cancelled') AND w.deleted_at IS NULL AND w.vanished_at IS NULL
                AND EXISTS (SELECT FROM phases p WHERE p.works_id = w.id AND upper(p.during) > CAST(:today AS date)), false)
       OR coalesce(p.status NOT IN ('done', 'cancelled') AND p.deleted_at IS NULL, false) AS is_open
FROM (SELECT works_id, repair_id, count(*) AS records FROM import_gone GROUP BY works_id, repair_id) gone
LEFT JOIN works w ON w.id = gone.works_id
LEFT JOIN repairs p ON p.id = gone.repair_id
WHERE gone.works_id IS NULL
   OR gone.records = (SELECT count(*) FROM source_records r
                      WHERE r.works_id = gone.works_id AND r.source = :source AND r.vanished_at IS NULL)
ORDER BY gone.works_id, gone.repair_id
