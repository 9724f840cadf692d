-- Where works come from and when they last changed: the source's record, when it was first and last seen, and the last change observed.
-- Parameters: works_ids.
SELECT w.id AS works_id, w.source, w.source_id, o.name AS owner, w.created_at, w.vanished_at,
       seen.first_seen_at, seen.last_seen_at, change.field, change.old_value, change.new_value, change.observed_on
FROM works w
JOIN organisations o ON o.id = w.owner_id
LEFT JOIN LATERAL (
    SELECT min(r.first_seen_at) AS first_seen_at, max(r.last_seen_at) AS last_seen_at FROM source_records r WHERE r.works_id = w.id
) seen ON true
LEFT JOIN LATERAL (
    SELECT s.field, s.old_value, s.new_value, s.observed_on FROM source_changes s WHERE s.works_id = w.id ORDER BY s.id DESC LIMIT 1
) change ON true
WHERE w.id = ANY(CAST(:works_ids AS uuid[]))
ORDER BY o.name, w.source_id
