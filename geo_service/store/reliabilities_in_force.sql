-- What counts now, learnt figures only where learning is on (:learning).
-- The figures of all owners per certainty (those of day one where nothing was learnt), then those that owner groups have of their own.
SELECT c.certainty, NULL AS owner_group, NULL AS owner_group_name, coalesce(r.slack_before_days, c.slack_before_days) AS slack_before_days,
       coalesce(r.slack_after_days, c.slack_after_days) AS slack_after_days, coalesce(r.probability, c.probability) AS probability,
       coalesce(r.observations, 0) AS observations, r.learnt_on, r.source, r.basis,
       CASE WHEN r.certainty IS NULL THEN 'default' WHEN r.source IS NULL THEN 'learnt' ELSE 'fixed' END AS origin,
       array_position(CAST(:certainties AS text[]), c.certainty) AS place
FROM certainties c
LEFT JOIN reliabilities r ON r.certainty = c.certainty AND r.owner_group_id IS NULL AND (r.source IS NOT NULL OR :learning)
WHERE c.certainty = ANY(CAST(:certainties AS text[]))
UNION ALL
SELECT r.certainty, r.owner_group_id, g.name, r.slack_before_days, r.slack_after_days, r.probability, r.observations, r.learnt_on, r.source, r.basis,
       CASE WHEN r.source IS NULL THEN 'learnt' ELSE 'fixed' END, array_position(CAST(:certainties AS text[]), r.certainty)
FROM reliabilities r
JOIN owner_groups g ON g.id = r.owner_group_id
WHERE (r.source IS NOT NULL OR :learning) AND (CAST(:owner_group AS text) IS NULL OR r.owner_group_id = :owner_group)
ORDER BY owner_group NULLS FIRST, place
