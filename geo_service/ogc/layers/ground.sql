-- The ground under the city. One feature: an area of one kind (green, water, parking, rail), with its name.
SELECT ST_AsMVT(t, 'ground', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT g.kind, g.name, ST_AsMVTGeom(ST_Transform(ST_Simplify(g.geom, box.pixel_m / 2, true), 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM ground g, box WHERE :z >= 12 AND g.geom && box.lambert) t
