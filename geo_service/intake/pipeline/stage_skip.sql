-- Groups of which no record is new or differs, and (after a full look) of which none is gone, need not be read again.
WITH gone AS (
    SELECT r.works_id
    FROM source_records r
    WHERE :full AND r.source = :source AND r.vanished_at IS NULL
      AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_key = r.record_key)
)
UPDATE import_stage s SET todo = false
FROM (
    SELECT record_group FROM import_stage
    GROUP BY record_group
    HAVING bool_and(same) AND NOT bool_or(works_id IN (SELECT works_id FROM gone WHERE works_id IS NOT NULL))
) quiet
WHERE quiet.record_group = s.record_group
