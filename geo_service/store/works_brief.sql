-- What a person needs to know of these works to recognise them.
SELECT w.id, w.source, w.source_id, w.title, w.layer, w.remark, w.kind, w.certainty, w.source_status, w.vanished_at,
       CASE WHEN w.vanished_at IS NOT NULL THEN (
           SELECT max(s.observed_on) FROM source_changes s WHERE s.works_id = w.id AND s.field = 'vanished' AND s.new_value IS NOT NULL
       ) END AS vanished_on,
       w.finished_on, w.working_days, o.name AS owner, g.id AS owner_group, g.name AS owner_group_name, g.kind AS owner_kind
FROM works w
JOIN organisations o ON o.id = w.owner_id
JOIN owner_groups g ON g.id = o.owner_group_id
WHERE w.id = ANY(CAST(:works_ids AS uuid[]))
