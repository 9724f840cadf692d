-- Streets. One feature: the axis of a street with its name (zoom 14 and nearer), or all axes together (12 and 13).
SELECT ST_AsMVT(t, 'streets', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT s.name, ST_AsMVTGeom(ST_Transform(ST_Simplify(s.geom, box.pixel_m / 4, true), 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM streets s, box WHERE :z >= 14 AND s.geom && box.lambert
    UNION ALL
    SELECT NULL, ST_AsMVTGeom(ST_Transform(ST_Collect(ST_Simplify(s.geom, box.pixel_m / 2, true)), 3857), box.mercator, box.extent, box.extent / 32)
    FROM streets s, box WHERE :z IN (12, 13) AND s.geom && box.lambert
    GROUP BY box.mercator, box.extent) t
