-- The same pairs as peer_full.sql, by SedonaDB from GeoParquet. It finds a spatial join only where that stands first in a subquery of its
-- own and no plain comparison competes with it: days come as numbers and are subtracted. 0.000001: its ST_DWithin leaves the edge out.
SELECT 'wasted_repair' AS rule_id, a_kind, a_origin_id, b_kind, b_origin_id, ST_Distance(a_geom, b_geom) AS distance_m,
       ST_Area(ST_Intersection(a_geom, b_geom)) AS overlap_m2, greatest(0, b_starts - a_starts) AS gap_days,
       round(a_value_eur * greatest(0, 1 - greatest(0, b_starts - a_starts) / CAST(a_life_days AS DOUBLE)) * b_probability, 2) AS cost_at_risk_eur
FROM (
    SELECT a.kind AS a_kind, a.origin_id AS a_origin_id, a.geom AS a_geom, a.starts AS a_starts, a.value_eur AS a_value_eur,
           a.life_days AS a_life_days, a.surfaces AS a_surfaces, a.sides AS a_sides, b.kind AS b_kind, b.origin_id AS b_origin_id, b.geom AS b_geom,
           b.starts AS b_starts, b.probability AS b_probability, b.surfaces AS b_surfaces, b.sides AS b_sides
    FROM (SELECT * FROM claims WHERE kind = 'investment') a
    JOIN (SELECT * FROM claims WHERE kind = 'opening') b ON ST_DWithin(a.geom, b.geom, 2.000001)
    WHERE b.starts - a.ends < 0 AND a.starts - b.ends < 0
) near
WHERE (empty(a_surfaces) OR empty(b_surfaces) OR array_has_any(a_surfaces, b_surfaces))
  AND (empty(a_sides) OR empty(b_sides) OR array_has_any(a_sides, b_sides))
  AND (NOT empty(a_sides) AND NOT empty(b_sides) OR ST_Distance(a_geom, b_geom) <= 1)
UNION ALL
SELECT CASE b_kind WHEN 'opening' THEN 'repair_during_works' ELSE 'occupancy_during_repair' END, a_kind, a_origin_id, b_kind, b_origin_id,
       ST_Distance(a_geom, b_geom), ST_Area(ST_Intersection(a_geom, b_geom)), 0, 0
FROM (
    SELECT a.kind AS a_kind, a.origin_id AS a_origin_id, a.geom AS a_geom, a.surfaces AS a_surfaces, a.sides AS a_sides,
           b.kind AS b_kind, b.origin_id AS b_origin_id, b.geom AS b_geom, b.surfaces AS b_surfaces, b.sides AS b_sides
    FROM (SELECT * FROM claims WHERE kind = 'repair') a
    JOIN (SELECT * FROM claims WHERE kind IN ('opening', 'occupancy')) b ON ST_DWithin(a.geom, b.geom, 2.000001)
    WHERE b.starts - a.ends < 0 AND a.starts - b.ends < 0
) near
WHERE CASE b_kind WHEN 'occupancy' THEN ST_Intersects(a_geom, b_geom)
      ELSE CASE WHEN empty(a_sides) OR empty(b_sides) THEN ST_Distance(a_geom, b_geom) <= 1 ELSE array_has_any(a_sides, b_sides) END END
  AND (empty(a_surfaces) OR empty(b_surfaces) OR array_has_any(a_surfaces, b_surfaces))
UNION ALL
SELECT 'guarantee_applies', a_kind, a_origin_id, b_kind, b_origin_id, 0, ST_Area(ST_Intersection(a_geom, b_geom)), 0, 0
FROM (
    SELECT a.kind AS a_kind, a.origin_id AS a_origin_id, a.geom AS a_geom, a.surfaces AS a_surfaces, a.owner_group_id AS a_owner,
           b.kind AS b_kind, b.origin_id AS b_origin_id, b.geom AS b_geom, b.surfaces AS b_surfaces, b.owner_group_id AS b_owner
    FROM (SELECT * FROM claims WHERE kind = 'defect') a
    JOIN (SELECT * FROM claims WHERE kind = 'guarantee') b ON ST_Intersects(a.geom, b.geom)
    WHERE b.starts - a.ends < 0 AND a.starts - b.ends < 0
) near
WHERE (a_owner IS DISTINCT FROM b_owner) AND ST_Area(ST_Intersection(a_geom, b_geom)) >= 0.2 * ST_Area(a_geom)
  AND (empty(a_surfaces) OR empty(b_surfaces) OR array_has_any(a_surfaces, b_surfaces))
UNION ALL
SELECT 'works_clash', a_kind, a_origin_id, b_kind, b_origin_id, 0, ST_Area(ST_Intersection(a_geom, b_geom)), 0, 0
FROM (
    SELECT a.kind AS a_kind, a.origin_id AS a_origin_id, a.geom AS a_geom, a.surfaces AS a_surfaces, a.sides AS a_sides, a.owner_group_id AS a_owner,
           a.works_id AS a_works, b.kind AS b_kind, b.origin_id AS b_origin_id, b.geom AS b_geom, b.surfaces AS b_surfaces, b.sides AS b_sides,
           b.owner_group_id AS b_owner, b.works_id AS b_works
    FROM (SELECT * FROM claims WHERE kind IN ('opening', 'occupancy')) a
    JOIN (SELECT * FROM claims WHERE kind IN ('opening', 'occupancy')) b ON ST_Intersects(a.geom, b.geom)
    WHERE b.starts - a.ends < 0 AND a.starts - b.ends < 0
) near
WHERE a_origin_id < b_origin_id AND a_works <> b_works AND (a_owner IS DISTINCT FROM b_owner)
  AND (empty(a_surfaces) OR empty(b_surfaces) OR array_has_any(a_surfaces, b_surfaces))
  AND (empty(a_sides) OR empty(b_sides) OR array_has_any(a_sides, b_sides))
