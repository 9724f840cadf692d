-- The surface of streets. One feature: a pavement section with its code, place, material and date (zoom 17 and nearer), a section of which only
-- the kind is said (16), or all sections of one kind together (15; at 14 carriageways only).
SELECT ST_AsMVT(t, 'pavements', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(v.id AS text) AS id, v.code, v.kind, v.street, v.side, v.number_from, v.number_to, v.material,
           CAST(v.laid_on AS text) AS laid_on, ST_AsMVTGeom(ST_Transform(v.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM pavement_sections v, box WHERE :z >= 17 AND v.geom && box.lambert
    UNION ALL
    SELECT NULL, NULL, v.kind, NULL, NULL, NULL, NULL, NULL, NULL,
           ST_AsMVTGeom(ST_Transform(v.geom, 3857), box.mercator, box.extent, box.extent / 32)
    FROM pavement_sections v, box WHERE :z = 16 AND v.geom && box.lambert
    UNION ALL
    SELECT NULL, NULL, v.kind, NULL, NULL, NULL, NULL, NULL, NULL,
           ST_AsMVTGeom(ST_Transform(ST_Collect(v.geom), 3857), box.mercator, box.extent, box.extent / 32)
    FROM pavement_sections v, box
    WHERE (:z = 15 OR (:z = 14 AND v.kind = 'carriageway')) AND v.geom && box.lambert
    GROUP BY v.kind, box.mercator, box.extent) t
