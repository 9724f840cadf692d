-- Which works under a new id may be which works that vanished: one owner group, one kind and category, nearly the same ground, days that
-- moved no further than a programme slips. Works that are over are no candidates, unless the new ones lie in their days: the next job there
-- is another job. Beside them the suggestions about these works that stand, with their figures as they are now.
-- Parameters: source, new_ids (works that just came in), touched_ids (all that were just stored), old_ids (works that the source no longer
-- shows), today, renumbered_least_share, renumbered_within_days.
WITH suggestion AS (
    SELECT old_id, new_id, silent_id FROM renumberings
    WHERE source = :source AND target = 'works' AND status = 'suggested'
      AND (old_id = ANY(CAST(:old_ids AS uuid[])) OR old_id = ANY(CAST(:touched_ids AS uuid[])) OR new_id = ANY(CAST(:touched_ids AS uuid[])))
), near AS (
    SELECT DISTINCT o.works_id AS old_id, n.works_id AS new_id
    FROM phases n JOIN phases o ON o.geom && n.geom
    WHERE n.works_id = ANY(CAST(:new_ids AS uuid[])) AND o.works_id = ANY(CAST(:old_ids AS uuid[]))
), alike AS MATERIALIZED (
    SELECT p.old_id, p.new_id, o.source_id AS old_source_id, n.source_id AS new_source_id, o.certainty = n.certainty AS same_state,
           k.old_id IS NOT NULL AS is_known, k.silent_id AS silent_before
    FROM (SELECT old_id, new_id FROM near UNION SELECT old_id, new_id FROM suggestion) p
    JOIN works o ON o.id = p.old_id AND o.deleted_at IS NULL
    JOIN works n ON n.id = p.new_id AND n.deleted_at IS NULL
    JOIN organisations old_owner ON old_owner.id = o.owner_id
    JOIN organisations new_owner ON new_owner.id = n.owner_id
    LEFT JOIN suggestion k ON (k.old_id, k.new_id) = (p.old_id, p.new_id)
    WHERE k.old_id IS NOT NULL
       OR old_owner.owner_group_id = new_owner.owner_group_id AND o.kind = n.kind AND o.category IS NOT DISTINCT FROM n.category
          AND o.certainty <> 'cancelled' AND n.certainty <> 'cancelled'
          AND NOT EXISTS (SELECT FROM renumberings r WHERE (r.old_id, r.new_id) = (o.id, n.id) AND r.status IN ('refused', 'confirmed'))
), outline AS MATERIALIZED (  -- the ground and days of each, once however many it is compared with
    SELECT one.id, drawn.starts, drawn.ends, drawn.days, daterange(drawn.starts, drawn.ends) AS during, ground.geom, ST_Area(ground.geom) AS m2
    FROM (SELECT old_id AS id FROM alike UNION SELECT new_id FROM alike) one
    CROSS JOIN LATERAL (
        -- what is drawn as a line or a point, a metre wide on each side: without area nothing is shared
        SELECT count(*) AS phases, ST_Collect(CASE WHEN ST_Dimension(p.geom) < 2 THEN ST_Buffer(p.geom, 1) ELSE p.geom END) AS geom,
               min(lower(p.during)) AS starts, max(upper(p.during)) AS ends, array_agg(p.during ORDER BY p.during, p.opens_surface) AS days
        FROM phases p WHERE p.works_id = one.id
    ) drawn
    CROSS JOIN LATERAL (SELECT CASE WHEN phases = 1 THEN ST_GeometryN(drawn.geom, 1) ELSE ST_UnaryUnion(drawn.geom) END AS geom OFFSET 0) ground
), likely AS (  -- what can be alike by its size and its days: to measure what two outlines share takes longest
    SELECT a.*, was.geom AS was, now_.geom AS now_, was.m2 AS was_m2, now_.m2 AS now_m2, was.days = now_.days AS same_days,
           now_.starts - was.starts AS starts_moved, now_.ends - was.ends AS ends_moved
    FROM alike a JOIN outline was ON was.id = a.old_id JOIN outline now_ ON now_.id = a.new_id
    WHERE a.is_known
       OR least(was.m2, now_.m2) >= CAST(:renumbered_least_share AS float8) * greatest(was.m2, now_.m2)
          AND abs(now_.starts - was.starts) <= CAST(:renumbered_within_days AS integer)
          AND (was.during && now_.during OR was.ends > CAST(:today AS date))
    OFFSET 0
), measured AS (
    SELECT l.*, coalesce(shared_m2 / nullif(was_m2 + now_m2 - shared_m2, 0), 0) AS likeness
    FROM likely l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ST_OrderingEquals(was, now_) THEN was_m2 ELSE ST_Area(ST_Intersection(was, now_)) END AS shared_m2 OFFSET 0
    ) ground
)
SELECT old_id, new_id, old_source_id, new_source_id, least(likeness, 1) AS likeness, starts_moved, ends_moved,
       same_state AND same_days AND likeness >= 0.99 AS same, is_known, silent_before
FROM measured
WHERE is_known OR likeness >= CAST(:renumbered_least_share AS float8)
