-- Defects that are reported at a place and not repaired yet, with how many people said so, nearest first: on the section that lies there, or on the ground that a repair would take.
-- Parameters: ground (hex EWKB, storage CRS), section_id (null where none is known), reach_m (along the section), beside_m.
SELECT r.id, r.number, r.category, r.scope, r.urgency, r.status, r.reported_at,
       1 + (SELECT count(*) FROM duplicates d WHERE d.of_id = r.id AND d.status = 'confirmed') AS reports,
       CAST(round(CAST(ST_Distance(r.geom, place.geom) AS numeric), 1) AS float8) AS distance_m
FROM (SELECT ST_GeomFromEWKB(decode(CAST(:ground AS text), 'hex')) AS geom OFFSET 0) place
LEFT JOIN pavement_sections s ON s.id = CAST(:section_id AS uuid)
JOIN repairs r ON ST_DWithin(r.geom, place.geom, CAST(:reach_m AS float8))
WHERE r.status IN ('requested', 'scheduled', 'in_progress') AND r.deleted_at IS NULL
  AND (ST_DWithin(r.geom, place.geom, CAST(:beside_m AS float8)) OR ST_DWithin(r.geom, s.geom, CAST(:beside_m AS float8)))
ORDER BY ST_Distance(r.geom, place.geom), r.number
LIMIT 5
