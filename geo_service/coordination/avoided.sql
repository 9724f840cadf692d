-- What coordination has spared, once it is carried out and nobody overruled it, goes into the trail of the conflict that asked for it:
--   hold         a repair that waited: the surface that would have been opened again
--   taken_along  a repair in the wake of works, by what it cost: what it would have cost by itself, less that
--   one_trench   two owners who moved together: the shared ground that was relaid once instead of twice
-- Parameters: repair_ids, works_ids (what changed).
WITH spared AS (
    SELECT c.id, c.shadow, c.facts, 'hold' AS way, CAST(c.facts ->> 'cost_at_risk_eur' AS numeric) AS eur
    FROM conflicts c JOIN repairs r ON r.id = c.repair_id AND r.status = 'done'
    WHERE c.repair_id = ANY(CAST(:repair_ids AS uuid[])) AND c.rule_id = 'wasted_repair' AND c.blocking AND NOT
\ir ../store/conflict_is_live.sql
      AND EXISTS (SELECT FROM works w WHERE w.id = ANY(c.works_ids) AND w.certainty = 'done'
                  AND (w.finished_on IS NULL OR w.finished_on <= r.finished_on))
    UNION ALL
    SELECT c.id, c.shadow, c.facts, 'taken_along', CAST(c.facts -> 'inputs' ->> 'value_eur' AS numeric) - CAST(r.cost_eur AS numeric)
    FROM conflicts c JOIN repairs r ON r.id = c.repair_id
    WHERE c.repair_id = ANY(CAST(:repair_ids AS uuid[])) AND c.rule_id = 'repair_in_wake' AND r.status = 'done'
    UNION ALL
    SELECT c.id, c.shadow, c.facts, 'one_trench', round(CAST(c.facts -> 'inputs' ->> 'shared_m2' AS numeric) * CAST(c.facts -> 'inputs' ->> 'eur_per_m2' AS numeric), 2)
    FROM (SELECT id FROM works WHERE id = ANY(CAST(:works_ids AS uuid[])) AND certainty = 'done') finished
    -- Fenced: most changes finish nothing, for which PostgreSQL would go through all conflicts.
    CROSS JOIN LATERAL (SELECT * FROM conflicts WHERE works_ids && ARRAY[finished.id] AND rule_id = 'shared_trench' OFFSET 0) c
    WHERE NOT EXISTS (SELECT FROM works w WHERE w.id = ANY(c.works_ids) AND w.certainty <> 'done')
      AND EXISTS (
          SELECT FROM phases p JOIN phases q ON p.during && q.during AND ST_DWithin(p.geom, q.geom, CAST(c.facts -> 'inputs' ->> 'clearance_m' AS float8))
          WHERE c.a -> 'works_ids' ? CAST(p.works_id AS text) AND c.b -> 'works_ids' ? CAST(q.works_id AS text)
            AND p.works_id = ANY(c.works_ids) AND q.works_id = ANY(c.works_ids))
)
INSERT INTO conflict_events (conflict_id, kind, actor, details)
SELECT DISTINCT s.id, 'avoided', 'detection', jsonb_build_object('way', s.way, 'avoided_cost_eur', s.eur, 'facts', s.facts)
FROM spared s
WHERE s.eur > 0 AND NOT s.shadow
  AND NOT EXISTS (SELECT FROM conflict_events e WHERE e.conflict_id = s.id AND e.kind IN ('accepted_risk', 'avoided'))
