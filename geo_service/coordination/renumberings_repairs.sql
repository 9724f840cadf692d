-- Which repair under a new id may be which one that vanished: as renumberings_works.sql, of one category and scope. A finished repair that
-- its publisher renumbers is still that repair; one without days is compared with others without days only.
-- Parameters: as renumberings_works.sql.
WITH suggestion AS (
    SELECT old_id, new_id, silent_id FROM renumberings
    WHERE source = :source AND target = 'repairs' AND status = 'suggested'
      AND (old_id = ANY(CAST(:old_ids AS uuid[])) OR old_id = ANY(CAST(:touched_ids AS uuid[])) OR new_id = ANY(CAST(:touched_ids AS uuid[])))
), near AS (
    SELECT o.id AS old_id, n.id AS new_id
    FROM repairs n JOIN repairs o ON o.geom && n.geom
    WHERE n.id = ANY(CAST(:new_ids AS uuid[])) AND o.id = ANY(CAST(:old_ids AS uuid[]))
), alike AS MATERIALIZED (
    SELECT p.old_id, p.new_id, o.source_id AS old_source_id, n.source_id AS new_source_id, o.status = n.status AS same_state,
           o.planned AS old_planned, n.planned AS new_planned, k.old_id IS NOT NULL AS is_known, k.silent_id AS silent_before,
           -- what is drawn as a line or a point, a metre wide on each side: without area nothing is shared
           CASE WHEN ST_Dimension(o.geom) < 2 THEN ST_Buffer(o.geom, 1) ELSE o.geom END AS was,
           CASE WHEN ST_Dimension(n.geom) < 2 THEN ST_Buffer(n.geom, 1) ELSE n.geom END AS now_
    FROM (SELECT old_id, new_id FROM near UNION SELECT old_id, new_id FROM suggestion) p
    JOIN repairs o ON o.id = p.old_id AND o.deleted_at IS NULL
    JOIN repairs n ON n.id = p.new_id AND n.deleted_at IS NULL
    JOIN organisations old_owner ON old_owner.id = o.owner_id
    JOIN organisations new_owner ON new_owner.id = n.owner_id
    LEFT JOIN suggestion k ON (k.old_id, k.new_id) = (p.old_id, p.new_id)
    WHERE k.old_id IS NOT NULL
       OR old_owner.owner_group_id = new_owner.owner_group_id AND o.category = n.category AND o.scope = n.scope
          AND o.status <> 'cancelled' AND n.status <> 'cancelled' AND (o.planned IS NULL) = (n.planned IS NULL)
          AND NOT EXISTS (SELECT FROM renumberings r WHERE (r.old_id, r.new_id) = (o.id, n.id) AND r.status IN ('refused', 'confirmed'))
), likely AS (
    SELECT a.*, ST_Area(was) AS was_m2, ST_Area(now_) AS now_m2,
           lower(new_planned) - lower(old_planned) AS starts_moved, upper(new_planned) - upper(old_planned) AS ends_moved
    FROM alike a
    WHERE is_known
       OR least(ST_Area(was), ST_Area(now_)) >= CAST(:renumbered_least_share AS float8) * greatest(ST_Area(was), ST_Area(now_))
          AND coalesce(abs(lower(new_planned) - lower(old_planned)), 0) <= CAST(:renumbered_within_days AS integer)
          AND (old_planned IS NULL OR old_planned && new_planned OR upper(old_planned) > CAST(:today AS date))
    OFFSET 0
), measured AS (
    SELECT l.*, coalesce(shared_m2 / nullif(was_m2 + now_m2 - shared_m2, 0), 0) AS likeness
    FROM likely l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ST_OrderingEquals(was, now_) THEN was_m2 ELSE ST_Area(ST_Intersection(was, now_)) END AS shared_m2 OFFSET 0
    ) ground
)
SELECT old_id, new_id, old_source_id, new_source_id, least(likeness, 1) AS likeness, starts_moved, ends_moved,
       same_state AND old_planned IS NOT DISTINCT FROM new_planned AND likeness >= 0.99 AS same, is_known, silent_before
FROM measured
WHERE is_known OR likeness >= CAST(:renumbered_least_share AS float8)
