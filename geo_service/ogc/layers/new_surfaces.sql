-- New surfaces. One feature: ground that the city laid, and that nobody may open before `ends_on`. Its id is that of the repair. From zoom 14.
SELECT ST_AsMVT(t, 'new_surfaces', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.repair_id AS text) AS id, CAST(c.moratorium_until AS text) AS ends_on,
           ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM claims c JOIN repairs r ON r.id = c.repair_id JOIN organisations o ON o.id = r.owner_id CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    WHERE :z >= 14 AND c.kind = 'investment' AND c.moratorium_until > CAST(:today AS date) AND c.geom && box.lambert
        AND (box.days = '(,)' OR daterange(c.starts, c.moratorium_until) && box.days)
        AND (box.department IS NULL OR r.id IN (SELECT f.repair_id FROM followed f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_repairs.sql
    ) t
