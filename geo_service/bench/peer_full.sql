-- The best by hand for all pairs: one join per day-one rule, each with its kinds, reach and owners written out.
SELECT 'wasted_repair' AS rule_id, a.kind AS a_kind, a.group_id AS a_origin_id, b.kind AS b_kind, b.group_id AS b_origin_id,
       ST_Distance(a.geom, b.geom) AS distance_m, ST_Area(ST_Intersection(a.geom, b.geom)) AS overlap_m2,
       greatest(0, b.starts - a.starts) AS gap_days,
       round(CAST(a.value_eur * greatest(0, 1 - greatest(0, b.starts - a.starts) / CAST(a.life_days AS float8)) * b.probability AS numeric), 2) AS cost_at_risk_eur
FROM claims a
JOIN claims b ON b.geom && ST_Expand(a.geom, 2) AND daterange(b.starts, b.ends) && daterange(a.starts, a.ends)
WHERE a.kind = 'investment' AND b.kind = 'opening' AND (a.surfaces = '{}' OR b.surfaces = '{}' OR a.surfaces && b.surfaces)
  AND (a.sides = '{}' OR b.sides = '{}' OR a.sides && b.sides)
  AND ST_DWithin(a.geom, b.geom, CASE WHEN a.sides = '{}' OR b.sides = '{}' THEN 1 ELSE 2 END)  -- less where a side is not known
UNION ALL
SELECT CASE b.kind WHEN 'opening' THEN 'repair_during_works' ELSE 'occupancy_during_repair' END, a.kind, a.group_id, b.kind, b.group_id,
       ST_Distance(a.geom, b.geom), ST_Area(ST_Intersection(a.geom, b.geom)), 0, 0
FROM claims a
JOIN claims b ON b.geom && ST_Expand(a.geom, 2) AND daterange(b.starts, b.ends) && daterange(a.starts, a.ends)
WHERE a.kind = 'repair' AND b.kind IN ('opening', 'occupancy') AND (a.surfaces = '{}' OR b.surfaces = '{}' OR a.surfaces && b.surfaces)
  AND (b.kind = 'occupancy' OR a.sides = '{}' OR b.sides = '{}' OR a.sides && b.sides)
  AND ST_DWithin(a.geom, b.geom, CASE WHEN b.kind = 'occupancy' THEN 0 WHEN a.sides = '{}' OR b.sides = '{}' THEN 1 ELSE 2 END)
UNION ALL
SELECT 'guarantee_applies', a.kind, a.group_id, b.kind, b.group_id, 0, ST_Area(ST_Intersection(a.geom, b.geom)), 0, 0
FROM claims a
JOIN claims b ON b.geom && a.geom AND daterange(b.starts, b.ends) && daterange(a.starts, a.ends)
WHERE a.kind = 'defect' AND b.kind = 'guarantee' AND a.owner_group_id IS DISTINCT FROM b.owner_group_id
  AND (a.surfaces = '{}' OR b.surfaces = '{}' OR a.surfaces && b.surfaces) AND ST_Intersects(a.geom, b.geom)
  AND ST_Area(ST_Intersection(a.geom, b.geom)) >= 0.2 * ST_Area(a.geom)
UNION ALL
SELECT 'works_clash', a.kind, a.group_id, b.kind, b.group_id, 0, ST_Area(ST_Intersection(a.geom, b.geom)), 0, 0
FROM claims a
JOIN claims b ON b.geom && a.geom AND daterange(b.starts, b.ends) && daterange(a.starts, a.ends)
WHERE a.kind IN ('opening', 'occupancy') AND b.kind IN ('opening', 'occupancy') AND a.group_id < b.group_id AND a.works_id <> b.works_id
  AND a.owner_group_id IS DISTINCT FROM b.owner_group_id
  AND (a.surfaces = '{}' OR b.surfaces = '{}' OR a.surfaces && b.surfaces) AND ST_Intersects(a.geom, b.geom)
  AND (a.sides = '{}' OR b.sides = '{}' OR a.sides && b.sides)
