-- Why a conflict is over: what changed of its works in the transaction in which it was closed, and how it stands now with its repair.
-- Parameter: conflict_id.
WITH closure AS (
    SELECT c.works_ids, c.repair_id, e.at
    FROM conflicts c
    CROSS JOIN LATERAL (
        SELECT at FROM conflict_events WHERE conflict_id = c.id AND kind = c.status ORDER BY id DESC LIMIT 1
    ) e
    WHERE c.id = :conflict_id
), works_change AS (
    SELECT w.id AS works_id, o.name AS owner, w.source_id, s.field, s.old_value, s.new_value
    FROM closure
    JOIN works w ON w.id = ANY(closure.works_ids)
    JOIN organisations o ON o.id = w.owner_id
    JOIN source_changes s ON s.works_id = w.id AND s.observed_at = closure.at
    WHERE s.field IN ('starts_on', 'ends_on', 'certainty', 'geometry', 'phase', 'vanished')
), works_deletion AS (
    SELECT w.id AS works_id, o.name AS owner, w.source_id,
           CASE WHEN n.id IS NULL THEN 'deleted' ELSE 'renumbered' END AS field, NULL AS old_value, NULL AS new_value
    FROM closure
    JOIN works w ON w.id = ANY(closure.works_ids) AND w.deleted_at IS NOT NULL
    JOIN organisations o ON o.id = w.owner_id
    LEFT JOIN renumberings n ON n.new_id = w.id AND n.status = 'confirmed'
), repair_state AS (
    SELECT NULL::uuid AS works_id, NULL AS owner, 'H-' || r.number AS source_id,
           CASE WHEN d.of_id IS NOT NULL THEN 'double' WHEN n.id IS NOT NULL THEN 'renumbered' ELSE r.status END AS field,
           NULL AS old_value, CASE WHEN d.of_id IS NOT NULL THEN 'H-' || other.number END AS new_value
    FROM closure
    JOIN repairs r ON r.id = closure.repair_id
    LEFT JOIN duplicates d ON d.repair_id = r.id AND d.status = 'confirmed'
    LEFT JOIN repairs other ON other.id = d.of_id
    LEFT JOIN renumberings n ON n.new_id = r.id AND n.status = 'confirmed'
    WHERE d.of_id IS NOT NULL OR n.id IS NOT NULL OR r.status IN ('done', 'cancelled')
)
SELECT works_id, owner, source_id, field, old_value, new_value
FROM (SELECT * FROM works_deletion UNION ALL SELECT * FROM repair_state UNION ALL SELECT * FROM works_change) cause
ORDER BY source_id, field DESC
