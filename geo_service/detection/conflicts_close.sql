-- Stored conflicts of these works, repairs, buildings and streets that were not found again: `expired` when their days are over, else `withdrawn`.
WITH closure AS (
    UPDATE conflicts c
    SET status = CASE WHEN c.over_on <= CAST(:today AS date) THEN 'expired' ELSE 'withdrawn' END,
        version = c.version + 1, updated_at = now()
    WHERE
\ir ../store/conflict_is_live.sql
      AND (:everything OR c.id = ANY(ARRAY(
          SELECT met.id
          -- one by one: many ids at once are compared with those of every conflict there is
          FROM unnest(CAST(:works_ids AS uuid[])) works (id)
          CROSS JOIN LATERAL (SELECT id FROM conflicts WHERE works_ids && ARRAY[works.id] OFFSET 0) met
          UNION
          SELECT id FROM conflicts
          WHERE repair_id = ANY(CAST(:repair_ids AS uuid[])) OR building_id = ANY(CAST(:building_ids AS uuid[]))
             OR street_id = ANY(CAST(:street_ids AS uuid[])))))
      AND NOT EXISTS (
          SELECT FROM found_conflicts f
          WHERE (f.rule_id, f.a_kind, f.a_origin_id, f.b_kind, f.b_origin_id) = (c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id))
    RETURNING c.id, c.status, c.repair_id
), trail AS (
    INSERT INTO conflict_events (conflict_id, kind, actor, details)
    SELECT g.id, g.status, 'detection', CASE WHEN was.id IS NULL THEN '{}' ELSE jsonb_build_object('agreement', jsonb_build_array(was.agreement -> 'kind', NULL)) END
    FROM closure g
    -- as it was before this statement
    LEFT JOIN conflicts was ON was.id = g.id AND was.status IN ('agreed', 'settled') AND was.agreement IS NOT NULL
    RETURNING id, conflict_id, kind, details
)
SELECT w.conflict_id, w.kind, w.details, g.repair_id FROM trail w JOIN closure g ON g.id = w.conflict_id ORDER BY w.id
