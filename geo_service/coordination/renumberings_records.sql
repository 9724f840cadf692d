-- The records that came in under the new ids are those of the works or repair that lives on; those under its old ids are gone.
-- Parameters: ids (of renumberings).
WITH one AS (
    SELECT * FROM renumberings WHERE id = ANY(CAST(:ids AS uuid[]))
), side AS (  -- one column to compare with: with OR each record of the source would be looked at for each pair
    SELECT source, target, old_id, old_id AS record_of FROM one
    UNION ALL
    SELECT source, target, old_id, new_id FROM one
)
UPDATE source_records s
SET works_id = CASE WHEN side.target = 'works' THEN side.old_id END, repair_id = CASE WHEN side.target = 'repairs' THEN side.old_id END,
    vanished_at = CASE WHEN side.record_of = side.old_id THEN coalesce(s.vanished_at, now()) ELSE s.vanished_at END
FROM side
WHERE s.source = side.source AND coalesce(s.works_id, s.repair_id) = side.record_of
