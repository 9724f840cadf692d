-- Repair requests. One feature: a request that is neither cancelled nor done, but for days that are over, as the ground that is repaired where that is decided, else its spot.
SELECT ST_AsMVT(t, 'repairs', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(r.id AS text) AS id, r.number, r.status, r.category, r.urgency, r.verdict, CAST(r.verdict_until AS text) AS until, r.held,
           CAST(lower(work.days) AS text) AS starts_on, CAST(upper(work.days) AS text) AS ends_on,
           far.geom
    FROM repairs r JOIN organisations o ON o.id = r.owner_id LEFT JOIN claims c ON c.repair_id = r.id AND c.kind = 'repair' CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT CASE WHEN r.status = 'done' THEN daterange(r.finished_on, r.finished_on, '[]') ELSE r.planned END AS days) work
    CROSS JOIN LATERAL (SELECT coalesce(c.geom, r.geom) AS geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE (r.status NOT IN ('cancelled', 'done') OR r.status = 'done' AND work.days && box.over)
    -- a section reaches into other tiles than its spot
    AND (r.geom && box.lambert OR r.id IN (SELECT k.repair_id FROM claims k, box WHERE k.kind = 'repair' AND k.geom && box.lambert))
    AND (box.days = '(,)' OR work.days && box.days)
    AND (box.department IS NULL OR r.id IN (SELECT f.repair_id FROM followed f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_repairs.sql
    ) t
