-- New surfaces. One feature: ground that the city laid, and that nobody may open before `until`. Its id is that of the repair. From zoom 14.
SELECT ST_AsMVT(t, 'new_surfaces', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.repair_id AS text) AS id, CAST(c.moratorium_until AS text) AS until,
           ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM claims c, box
    WHERE :z >= 14 AND c.kind = 'investment' AND c.moratorium_until > CAST(:today AS date) AND CAST(:party AS text) IS NULL AND c.geom && box.lambert) t
