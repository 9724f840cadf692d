-- Live conflicts of footpath renewals with worksites of Osiris, by where the worksite's ground comes from.
SELECT c.rule_id AS rule, coalesce(r.raw -> 'properties' ->> 'Etendue', 'extent of that week') AS ground, count(*) AS conflicts
FROM conflicts c
JOIN source_records r ON r.works_id = c.works_ids[1] AND r.source = 'osiris'
WHERE c.repair_id IS NOT NULL AND c.status NOT IN ('expired', 'withdrawn')
GROUP BY 1, 2
ORDER BY 1, 2
