-- Defects in guaranteed trenches that nobody claimed yet: each once for each utility, by the first of its trenches. What was repaired meanwhile is owed all the same,
-- for as long as the guarantee lasts, unless people decided otherwise before.
-- Parameters: owner_groups (null: all), at_most (null: all).
SELECT DISTINCT ON (r.number, c.b ->> 'owner_group') c.id AS conflict_id, 'C-' || c.number AS number, r.id AS repair_id, 'H-' || r.number AS repair_number,
       g.name AS owner, g.id AS owner_group, CAST(c.b ->> 'ends_on' AS date) AS guaranteed_until,
       coalesce(r.cost_eur, CAST(c.facts -> 'inputs' ->> 'value_eur' AS float8), 0) AS amount_eur
FROM conflicts c
JOIN owner_groups g ON g.id = c.b ->> 'owner_group'
JOIN repairs r ON r.id = c.repair_id
CROSS JOIN LATERAL (
    -- the state before the repair was done
    SELECT CASE WHEN c.status IN ('open', 'acknowledged') THEN true
                ELSE c.status = 'withdrawn' AND r.status = 'done' AND r.deleted_at IS NULL
                     AND EXISTS (SELECT FROM claims g WHERE g.kind = 'guarantee' AND g.works_id = ANY(c.works_ids))
                     AND coalesce((SELECT CASE WHEN e.kind = 'reopened' THEN 'open' ELSE e.details -> 'status' ->> 1 END
                                   FROM conflict_events e
                                   WHERE e.conflict_id = c.id AND (e.kind = 'reopened' OR e.details -> 'status' IS NOT NULL)
                                   ORDER BY e.id DESC LIMIT 1), 'open') IN ('open', 'acknowledged') END AS owed
) state
WHERE c.rule_id = 'guarantee_applies' AND NOT c.shadow AND state.owed
  AND (CAST(:owner_groups AS text[]) IS NULL OR g.id = ANY(CAST(:owner_groups AS text[])))
  AND NOT EXISTS (SELECT FROM claim_files f JOIN conflicts other ON other.id = f.conflict_id
                  WHERE other.repair_id = c.repair_id AND f.owner_group_id = c.b ->> 'owner_group')
ORDER BY r.number, c.b ->> 'owner_group', c.number
LIMIT CAST(:at_most AS bigint)
