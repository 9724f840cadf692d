-- Planned works. One feature: a phase that is neither cancelled nor done, but for days that are over; one that is done while its works go on is
-- drawn as done. Its id is that of the works.
SELECT ST_AsMVT(t, 'works', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(w.id AS text) AS id, o.name AS owner, w.source, w.source_id, CASE WHEN p.done THEN 'done' ELSE w.certainty END AS certainty, w.kind, w.category, p.opens_surface,
           CAST(lower(p.during) AS text) AS starts_on, CAST(upper(p.during) AS text) AS ends_on,
           CASE WHEN :z >= 16 THEN left(w.title, 60) END AS title, CASE WHEN :z >= 16 THEN CAST(upper(p.during) - 1 AS text) END AS last_day,
           CASE WHEN EXISTS (SELECT FROM claims k WHERE k.works_id = w.id AND k.origin_id = p.id AND k.umbrella) THEN true END AS umbrella,
           far.geom
    FROM phases p JOIN works w ON w.id = p.works_id JOIN organisations o ON o.id = w.owner_id CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT p.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE w.certainty <> 'cancelled' AND (w.certainty <> 'done' AND NOT p.done OR p.during && box.over) AND p.geom && box.lambert AND p.during && box.days
        AND (box.department IS NULL OR w.id IN (SELECT f.id FROM followed_works f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_works.sql
    ) t
