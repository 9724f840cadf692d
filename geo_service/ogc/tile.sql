-- One vector tile (WebMercatorQuad) with every layer that the viewer draws.
-- A reader confined to one owner group (`party`) gets its own works and the conflicts that touch them, and nothing on repairs.
-- The tile's box is brought to the storage CRS once, so that each table's index is used; only what is drawn is brought to Web Mercator.
-- The further away, the less: a coarser grid, no attributes that nobody reads there, ground of one kind as one area (terraced houses become blocks),
-- no footpaths below zoom 15 and no houses below 14. At most 60 kB (gzip) in a dense town, at any zoom.
WITH box AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 31370) AS lambert,
           CASE WHEN :z < 15 THEN 1024 WHEN :z < 16 THEN 2048 ELSE 4096 END AS extent,
           49330.0 / (1 << :z) AS pixel_m -- on the ground, of a tile of 512 pixels at the latitude of Flanders
), ground_layer AS (
    SELECT ST_AsMVT(t, 'ground', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT g.kind, g.name, ST_AsMVTGeom(ST_Transform(ST_Simplify(g.geom, box.pixel_m / 2, true), 3857), box.mercator, box.extent, box.extent / 32) AS geom
        FROM ground g, box WHERE :z >= 12 AND g.geom && box.lambert) t
), pavements_layer AS (
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
), houses AS (
    -- those that people know by name (CIVIC in the viewer's ground.js) are told apart from everywhere
    SELECT b.id, b.house_number, b.street, b.function, b.name, b.geom, coalesce(b.function IN (
               'school', 'fire_station', 'care_home', 'hospital', 'town_hall', 'church', 'city_patrimony', 'swimming_pool', 'building_project'
           ), false) AS civic
    FROM buildings b, box WHERE :z >= 14 AND b.geom && box.lambert
), buildings_layer AS (
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
), streets_layer AS (
    SELECT ST_AsMVT(t, 'streets', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT s.name, ST_AsMVTGeom(ST_Transform(ST_Simplify(s.geom, box.pixel_m / 4, true), 3857), box.mercator, box.extent, box.extent / 32) AS geom
        FROM streets s, box WHERE :z >= 14 AND s.geom && box.lambert
        UNION ALL
        SELECT NULL, ST_AsMVTGeom(ST_Transform(ST_Collect(ST_Simplify(s.geom, box.pixel_m / 2, true)), 3857), box.mercator, box.extent, box.extent / 32)
        FROM streets s, box WHERE :z IN (12, 13) AND s.geom && box.lambert
        GROUP BY box.mercator, box.extent) t
), works_layer AS (
    SELECT ST_AsMVT(t, 'works', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT CAST(w.id AS text) AS id, o.name AS owner, w.source, w.source_id, w.certainty, w.kind, w.category, p.opens_surface,
               CAST(lower(p.during) AS text) AS starts_on, CAST(upper(p.during) AS text) AS ends_on,
               far.geom
        FROM phases p JOIN works w ON w.id = p.works_id JOIN organisations o ON o.id = w.owner_id CROSS JOIN box
        CROSS JOIN LATERAL (SELECT p.geom) drawn
        CROSS JOIN LATERAL (
\ir tile_far.sql
        ) far
        WHERE w.deleted_at IS NULL AND w.certainty NOT IN ('cancelled', 'done') AND p.geom && box.lambert
          AND (CAST(:party AS text) IS NULL OR o.owner_group_id = CAST(:party AS text))) t
), repairs_layer AS (
    SELECT ST_AsMVT(t, 'repairs', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT CAST(r.id AS text) AS id, r.number, r.status, r.category, r.urgency, r.verdict, CAST(r.verdict_until AS text) AS until, r.held,
               far.geom
        FROM repairs r LEFT JOIN claims c ON c.repair_id = r.id AND c.kind = 'repair' CROSS JOIN box
        CROSS JOIN LATERAL (SELECT coalesce(c.geom, r.geom) AS geom) drawn
        CROSS JOIN LATERAL (
\ir tile_far.sql
        ) far
        WHERE CAST(:party AS text) IS NULL AND r.deleted_at IS NULL AND r.status NOT IN ('cancelled', 'done') AND r.geom && box.lambert) t
), conflicts_layer AS (
    SELECT ST_AsMVT(t, 'conflicts', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT CAST(c.id AS text) AS id, c.number, c.rule_id AS rule, c.severity, c.opportunity, c.status, c.blocking,
               CAST(c.facts ->> 'overlap_m2' AS float8) AS overlap_m2, CAST(c.facts ->> 'cost_at_risk_eur' AS float8) AS cost_at_risk_eur,
               far.geom
        FROM conflicts c CROSS JOIN box
        CROSS JOIN LATERAL (SELECT c.geom) drawn
        CROSS JOIN LATERAL (
\ir tile_far.sql
        ) far
        WHERE NOT c.shadow AND c.status <> 'settled' AND c.geom && box.lambert AND
\ir ../store/conflict_is_live.sql
          AND (CAST(:party AS text) IS NULL OR CAST(:party AS text) IN (c.a ->> 'owner_group', c.b ->> 'owner_group'))) t
), guarantees_layer AS (
    SELECT ST_AsMVT(t, 'guarantees', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT CAST(c.works_id AS text) AS id, o.name AS owner, CAST(c.ends AS text) AS until,
               ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
        FROM claims c JOIN works w ON w.id = c.works_id JOIN organisations o ON o.id = w.owner_id, box
        WHERE :z >= 14 AND c.kind = 'guarantee' AND c.geom && box.lambert
          AND (CAST(:party AS text) IS NULL OR o.owner_group_id = CAST(:party AS text))) t
), new_surfaces_layer AS (
    SELECT ST_AsMVT(t, 'new_surfaces', (SELECT extent FROM box), 'geom') AS mvt FROM (
        SELECT CAST(c.repair_id AS text) AS id, CAST(c.moratorium_until AS text) AS until,
               ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
        FROM claims c, box
        WHERE :z >= 14 AND c.kind = 'investment' AND c.moratorium_until > CAST(:today AS date) AND CAST(:party AS text) IS NULL AND c.geom && box.lambert) t
)
SELECT (SELECT mvt FROM ground_layer) || (SELECT mvt FROM pavements_layer) || (SELECT mvt FROM buildings_layer)
    || (SELECT mvt FROM streets_layer) || (SELECT mvt FROM works_layer) || (SELECT mvt FROM repairs_layer)
    || (SELECT mvt FROM conflicts_layer) || (SELECT mvt FROM guarantees_layer) || (SELECT mvt FROM new_surfaces_layer) AS tile
