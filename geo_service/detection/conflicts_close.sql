-- Stored conflicts of these works, repairs, buildings and streets that were not found again: `expired` when their days are over, else `withdrawn`.
-- Where two digs became one, their conflicts did too: the trails of both say so, with what people had decided on the one that goes.
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
    RETURNING c.id, c.number, c.status, c.repair_id, c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id
), merger AS (  -- two conflicts of digs that are one dig now: the one that goes, and the one that stays under the name of the older dig
    SELECT g.id, g.number, c.id AS into_id, c.number AS into_number
    FROM closure g
    CROSS JOIN LATERAL (
        SELECT coalesce((SELECT dig_id FROM phase_digs WHERE phase_id = g.a_origin_id), g.a_origin_id) AS a,
               coalesce((SELECT dig_id FROM phase_digs WHERE phase_id = g.b_origin_id), g.b_origin_id) AS b
    ) dig
    JOIN conflicts c ON c.rule_id = g.rule_id AND c.id <> g.id
        AND (c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id) IN ((g.a_kind, dig.a, g.b_kind, dig.b), (g.b_kind, dig.b, g.a_kind, dig.a)) AND
\ir ../store/conflict_is_live.sql
    WHERE NOT EXISTS (SELECT FROM closure too WHERE too.id = c.id)
), state_before AS (  -- how far each was before this statement
    SELECT g.id, was.status, CASE WHEN was.status IN ('agreed', 'settled') THEN was.agreement END AS agreement
    FROM closure g JOIN conflicts was ON was.id = g.id
), trail AS (
    INSERT INTO conflict_events (conflict_id, kind, actor, details)
    SELECT g.id, g.status, 'detection',
           jsonb_strip_nulls(jsonb_build_object('into', 'C-' || m.into_number))
           || CASE WHEN w.agreement IS NULL THEN '{}' ELSE jsonb_build_object('agreement', jsonb_build_array(w.agreement -> 'kind', NULL)) END
    FROM closure g
    JOIN state_before w ON w.id = g.id
    LEFT JOIN merger m ON m.id = g.id
    UNION ALL
    SELECT m.into_id, 'merger', 'detection', jsonb_build_object('of', 'C-' || m.number, 'was', jsonb_strip_nulls(jsonb_build_object('status', w.status, 'agreement', w.agreement)))
    FROM merger m JOIN state_before w ON w.id = m.id
    RETURNING id, conflict_id, kind, details
)
SELECT w.conflict_id, w.kind, w.details, g.repair_id FROM trail w JOIN closure g ON g.id = w.conflict_id ORDER BY w.id
