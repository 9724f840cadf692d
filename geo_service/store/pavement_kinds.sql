-- The kinds of pavement that pieces of ground lie on: those that cover a fifth of it or more, the largest first; of a point or a line, all that it meets.
-- Parameters: grounds (hex EWKB, storage CRS).
SELECT ground.n - 1 AS n, covered.kind
FROM unnest(CAST(:grounds AS text[])) WITH ORDINALITY ground (hex, n)
CROSS JOIN LATERAL (SELECT ST_GeomFromEWKB(decode(hex, 'hex')) AS geom OFFSET 0) g
CROSS JOIN LATERAL (
    SELECT p.kind, sum(ST_Area(ST_Intersection(p.geom, g.geom))) AS area_m2
    FROM pavement_sections p WHERE ST_Intersects(p.geom, g.geom) GROUP BY p.kind
) covered
WHERE covered.area_m2 >= 0.2 * ST_Area(g.geom)
ORDER BY ground.n, covered.area_m2 DESC, covered.kind
