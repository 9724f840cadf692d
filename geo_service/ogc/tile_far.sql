-- `drawn.geom` as the tile draws it. Part of tile.sql.
-- Where areas are not filled (below zoom 15) their outline is enough. What would vanish when it is rounded to the tile's grid, and so be missing from
-- the map and from its counts, becomes a line (a trench of a metre wide) or else a point (a hole).
SELECT coalesce(
    ST_AsMVTGeom(ST_Transform(CASE
        WHEN :z >= 16 THEN drawn.geom
        WHEN :z >= 15 OR ST_Dimension(drawn.geom) < 2 THEN ST_Simplify(drawn.geom, box.pixel_m / 8, true)
        ELSE ST_Simplify(ST_Boundary(drawn.geom), box.pixel_m / 2) END, 3857), box.mercator, box.extent, box.extent / 32),
    ST_AsMVTGeom(ST_Transform(ST_LongestLine(drawn.geom, drawn.geom), 3857), box.mercator, box.extent, box.extent / 32),
    ST_AsMVTGeom(ST_Transform(ST_PointOnSurface(drawn.geom), 3857), box.mercator, box.extent, box.extent / 32)) AS geom
