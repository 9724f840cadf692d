-- The axes of the streets in a box (Lambert 72), as an SVG path without what nobody sees on paper; y grows downwards.
SELECT ST_AsSVG(ST_Simplify(geom, CAST(:tolerance_m AS float8)), 0, 0) AS path
FROM streets
WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 31370)
