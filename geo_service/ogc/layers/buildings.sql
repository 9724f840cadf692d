-- Buildings. One feature: a house with its number and street (zoom 17 and nearer; at 16 its outline only), or a block of houses (14 and 15).
-- A building that people know by name (CIVIC in the viewer's map/layers/buildings.js) is a feature of its own at each zoom.
WITH houses AS (
    SELECT b.id, b.house_number, b.street, b.function, b.name, b.geom, coalesce(b.function IN (
               'school', 'fire_station', 'care_home', 'hospital', 'town_hall', 'church', 'city_patrimony', 'swimming_pool', 'building_project'
           ), false) AS civic
    FROM buildings b, box WHERE :z >= 14 AND b.geom && box.lambert
)
SELECT ST_AsMVT(t, 'buildings', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CASE WHEN told THEN CAST(h.id AS text) END AS id, CASE WHEN told THEN h.house_number END AS number,
           CASE WHEN told THEN h.street END AS street, CASE WHEN told THEN h.function END AS function, CASE WHEN told THEN h.name END AS name,
           ST_AsMVTGeom(ST_Transform(h.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM houses h CROSS JOIN box CROSS JOIN LATERAL (SELECT civic OR :z >= 17 AS told) how
    WHERE civic OR :z >= 16
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, ST_AsMVTGeom(ST_Transform(ST_Collect(h.geom), 3857), box.mercator, box.extent, box.extent / 32)
    FROM houses h, box
    WHERE :z < 16 AND NOT civic AND ST_Area(h.geom) > 4 * box.pixel_m * box.pixel_m
    GROUP BY box.mercator, box.extent) t
