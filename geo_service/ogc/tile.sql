-- One vector tile (WebMercatorQuad) with every layer that the viewer draws.
-- A reader confined to one owner group (`party`) gets its own works and the conflicts that touch them, and nothing on repairs.
-- The tile's box is brought to the storage CRS once, so that each table's index is used; only what is drawn is brought to Web Mercator.
WITH box AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 31370) AS lambert
), ground_layer AS (
    SELECT ST_AsMVT(t, 'ground', 4096, 'geom') AS mvt FROM (
        SELECT g.kind, g.name, ST_AsMVTGeom(ST_Transform(g.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM ground g, box WHERE :z >= 12 AND g.geom && box.lambert) t
), pavements_layer AS (
    SELECT ST_AsMVT(t, 'pavements', 4096, 'geom') AS mvt FROM (
        SELECT CAST(v.id AS text) AS id, v.code, v.kind, v.street, v.side, v.number_from, v.number_to, v.material,
               CAST(v.laid_on AS text) AS laid_on, ST_AsMVTGeom(ST_Transform(v.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM pavement_sections v, box WHERE (:z >= 15 OR (:z >= 12 AND v.kind = 'carriageway')) AND v.geom && box.lambert) t
), buildings_layer AS (
    SELECT ST_AsMVT(t, 'buildings', 4096, 'geom') AS mvt FROM (
        SELECT CAST(b.id AS text) AS id, b.house_number AS number, b.street, b.function, b.name,
               ST_AsMVTGeom(ST_Transform(b.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM buildings b, box WHERE :z >= 14 AND b.geom && box.lambert) t
), streets_layer AS (
    SELECT ST_AsMVT(t, 'streets', 4096, 'geom') AS mvt FROM (
        SELECT s.name, ST_AsMVTGeom(ST_Transform(s.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM streets s, box WHERE :z >= 13 AND s.geom && box.lambert) t
), works_layer AS (
    SELECT ST_AsMVT(t, 'works', 4096, 'geom') AS mvt FROM (
        SELECT CAST(w.id AS text) AS id, o.name AS owner, w.source, w.source_id, w.certainty, w.kind, w.category, p.opens_surface,
               CAST(lower(p.during) AS text) AS starts_on, CAST(upper(p.during) AS text) AS ends_on,
               ST_AsMVTGeom(ST_Transform(p.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM phases p JOIN works w ON w.id = p.works_id JOIN organisations o ON o.id = w.owner_id, box
        WHERE w.deleted_at IS NULL AND w.certainty NOT IN ('cancelled', 'done') AND p.geom && box.lambert
          AND (CAST(:party AS text) IS NULL OR o.owner_group_id = CAST(:party AS text))) t
), repairs_layer AS (
    SELECT ST_AsMVT(t, 'repairs', 4096, 'geom') AS mvt FROM (
        SELECT CAST(r.id AS text) AS id, r.number, r.status, r.category, r.urgency, r.verdict, CAST(r.verdict_until AS text) AS until, r.held,
               ST_AsMVTGeom(ST_Transform(coalesce(c.geom, r.geom), 3857), box.mercator, 4096, 128) AS geom
        FROM repairs r LEFT JOIN claims c ON c.repair_id = r.id AND c.kind = 'repair', box
        WHERE CAST(:party AS text) IS NULL AND r.deleted_at IS NULL AND r.status NOT IN ('cancelled', 'done') AND r.geom && box.lambert) t
), conflicts_layer AS (
    SELECT ST_AsMVT(t, 'conflicts', 4096, 'geom') AS mvt FROM (
        SELECT CAST(c.id AS text) AS id, c.number, c.rule_id AS rule, c.severity, c.opportunity, c.status, c.blocking,
               CAST(c.facts ->> 'overlap_m2' AS float8) AS overlap_m2, CAST(c.facts ->> 'cost_at_risk_eur' AS float8) AS cost_at_risk_eur,
               ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM conflicts c, box
        WHERE NOT c.shadow AND c.status NOT IN ('expired', 'withdrawn', 'settled') AND c.geom && box.lambert
          AND (CAST(:party AS text) IS NULL OR CAST(:party AS text) IN (c.a ->> 'owner_group', c.b ->> 'owner_group'))) t
), guarantees_layer AS (
    SELECT ST_AsMVT(t, 'guarantees', 4096, 'geom') AS mvt FROM (
        SELECT CAST(c.works_id AS text) AS id, o.name AS owner, CAST(c.ends AS text) AS until,
               ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM claims c JOIN works w ON w.id = c.works_id JOIN organisations o ON o.id = w.owner_id, box
        WHERE :z >= 14 AND c.kind = 'guarantee' AND c.geom && box.lambert
          AND (CAST(:party AS text) IS NULL OR o.owner_group_id = CAST(:party AS text))) t
), new_surfaces_layer AS (
    SELECT ST_AsMVT(t, 'new_surfaces', 4096, 'geom') AS mvt FROM (
        SELECT CAST(c.repair_id AS text) AS id, CAST(c.moratorium_until AS text) AS until,
               ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, 4096, 128) AS geom
        FROM claims c, box
        WHERE :z >= 14 AND c.kind = 'investment' AND c.moratorium_until > CAST(:today AS date) AND CAST(:party AS text) IS NULL AND c.geom && box.lambert) t
)
SELECT (SELECT mvt FROM ground_layer) || (SELECT mvt FROM pavements_layer) || (SELECT mvt FROM buildings_layer)
    || (SELECT mvt FROM streets_layer) || (SELECT mvt FROM works_layer) || (SELECT mvt FROM repairs_layer)
    || (SELECT mvt FROM conflicts_layer) || (SELECT mvt FROM guarantees_layer) || (SELECT mvt FROM new_surfaces_layer) AS tile
