-- Protected ground. One feature: a piece that somebody laid anew and that nobody may open before `until`. From zoom 14; store/protections.py says who sees which.
SELECT ST_AsMVT(t, 'protections', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.origin_id AS text) AS id, CASE WHEN c.repair_id IS NULL THEN 'works' ELSE 'repair' END AS kind, o.name AS owner,
           CAST(coalesce(c.works_id, c.repair_id) AS text) AS record_id,
           CAST(c.starts AS text) AS laid_on, CAST(c.moratorium_until AS text) AS until,
           ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM claims c LEFT JOIN repairs r ON r.id = c.repair_id LEFT JOIN works w ON w.id = c.works_id
    JOIN organisations o ON o.id = coalesce(w.owner_id, r.owner_id) CROSS JOIN box
    WHERE :z >= 14 AND c.kind IN ('investment', 'protection', 'guarantee') AND c.moratorium_until IS NOT NULL AND c.geom && box.lambert
        AND (CAST(:party AS text) IS NULL OR o.owner_group_id = CAST(:party AS text))
        AND (CASE WHEN box.days = '(,)' THEN c.moratorium_until > CAST(:today AS date) ELSE daterange(c.starts, c.moratorium_until) && box.days END)
        AND (box.department IS NULL OR w.id IN (SELECT f.id FROM followed_works f) OR r.id IN (SELECT f.repair_id FROM followed f)) AND
\ir ../tile_owner.sql
    ) t
