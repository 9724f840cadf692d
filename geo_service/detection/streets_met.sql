-- Streets whose count may change with these works: those that they lie in now, and those that counted them.
SELECT s.street_id
FROM claims w JOIN claims s ON s.kind = 'street' AND s.geom && w.geom
WHERE w.works_id = ANY(CAST(:works_ids AS uuid[]))
UNION
SELECT c.street_id
FROM unnest(CAST(:works_ids AS uuid[])) works (id)
CROSS JOIN LATERAL (SELECT street_id, status FROM conflicts WHERE works_ids && ARRAY[works.id] OFFSET 0) c
WHERE c.street_id IS NOT NULL AND
\ir ../store/conflict_is_live.sql
