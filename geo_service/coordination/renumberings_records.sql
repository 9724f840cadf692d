-- The records that came in under the new ids are those of the works or repair that lives on; those under its old ids are gone.
-- Parameters: ids (of renumberings).
WITH one AS (
    SELECT source, target, old_id, new_id FROM renumberings WHERE id = ANY(CAST(:ids AS uuid[]))
)
UPDATE source_records s
SET works_id = CASE WHEN one.target = 'works' THEN one.old_id END, repair_id = CASE WHEN one.target = 'repairs' THEN one.old_id END,
    vanished_at = CASE WHEN coalesce(s.works_id, s.repair_id) = one.old_id THEN coalesce(s.vanished_at, now()) ELSE s.vanished_at END
FROM one
WHERE s.source = one.source AND coalesce(s.works_id, s.repair_id) IN (one.old_id, one.new_id)
