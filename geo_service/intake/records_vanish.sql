-- After a full look: records that the source no longer shows. With a :box (storage CRS), only those whose works touch it.
-- Answers with the works and repairs of which no record is left.
WITH gone AS (
    UPDATE source_records r SET vanished_at = now()
    WHERE r.source = :source AND r.vanished_at IS NULL
      AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_key = r.record_key)
      AND (CAST(:box AS geometry) IS NULL OR r.works_id IS NULL
           OR EXISTS (SELECT FROM phases p WHERE p.works_id = r.works_id AND ST_Intersects(p.geom, CAST(:box AS geometry))))
    RETURNING r.record_key, r.works_id, r.repair_id
)
SELECT DISTINCT works_id, repair_id
FROM gone
WHERE NOT EXISTS (
    SELECT FROM source_records r
    WHERE r.source = :source AND r.vanished_at IS NULL AND r.record_key NOT IN (SELECT record_key FROM gone)
      AND (r.works_id = gone.works_id OR r.repair_id = gone.repair_id))
