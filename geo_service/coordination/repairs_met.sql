-- Repairs that these works meet or met.
SELECT DISTINCT c.repair_id
FROM unnest(CAST(:works_ids AS uuid[])) works (id)
-- one by one: many ids at once are compared with those of every conflict there is
CROSS JOIN LATERAL (SELECT repair_id FROM conflicts WHERE works_ids && ARRAY[works.id] OFFSET 0) c
WHERE c.repair_id IS NOT NULL
