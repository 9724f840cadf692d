-- The squares of 500 m that `touched` lies in have to be derived anew. Part of store_*.sql and vanish_*.sql.
INSERT INTO base_tiles (x, y)
SELECT DISTINCT x, y
FROM touched
CROSS JOIN LATERAL generate_series(CAST(floor(ST_XMin(touched.geom) / 500) AS integer), CAST(floor(ST_XMax(touched.geom) / 500) AS integer)) x
CROSS JOIN LATERAL generate_series(CAST(floor(ST_YMin(touched.geom) / 500) AS integer), CAST(floor(ST_YMax(touched.geom) / 500) AS integer)) y
ON CONFLICT DO NOTHING
