-- Where works come from and when they last changed: the source's record, when it was first and last seen, and the last change observed.
-- Parameters: works_ids.
SELECT w.id AS works_id, w.source, w.source_id, o.name AS owner, w.created_at, w.vanished_at,
       seen.first_seen_at, seen.last_seen_at, change.field, change.old_value, change.new_value, change.observed_on
FROM works w
JOIN organisations o ON o.id = w.owner_id
LEFT JOIN LATERAL (
    -- a record that is still there is noted once a day: the last good import of its source has seen it as well
    SELECT min(r.first_seen_at) AS first_seen_at,
           CASE WHEN w.vanished_at IS NULL
                THEN greatest(max(r.last_seen_at), (SELECT max(i.finished_at) FROM imports i WHERE i.source = w.source AND i.status = 'done'))
                ELSE max(r.last_seen_at) END AS last_seen_at
    FROM source_records r WHERE r.works_id = w.id HAVING count(*) > 0
) seen ON true
LEFT JOIN LATERAL (
    SELECT s.field, s.old_value, s.new_value, s.observed_on FROM source_changes s WHERE s.works_id = w.id ORDER BY s.id DESC LIMIT 1
) change ON true
WHERE w.id = ANY(CAST(:works_ids AS uuid[]))
ORDER BY o.name, w.source_id
