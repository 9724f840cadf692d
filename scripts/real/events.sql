-- What happened to conflicts since a line of their trail: to all, and to those with a repair.
SELECT e.kind, count(*) AS every, count(c.repair_id) AS sidewalks
FROM conflict_events e
JOIN conflicts c ON c.id = e.conflict_id
WHERE e.id > :after AND (CAST(:until AS bigint) IS NULL OR e.id <= CAST(:until AS bigint))
GROUP BY e.kind
ORDER BY e.kind
