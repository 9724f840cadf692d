-- The places, by their number, that have no footpath or cycle path section within some metres.
-- Parameters: places (hex EWKB points, storage CRS), within_m.
SELECT place.n - 1 AS n
FROM unnest(CAST(:places AS text[])) WITH ORDINALITY place (hex, n)
CROSS JOIN LATERAL (SELECT ST_GeomFromEWKB(decode(place.hex, 'hex')) AS geom OFFSET 0) p
WHERE NOT EXISTS (
    SELECT FROM pavement_sections s WHERE s.kind <> 'carriageway' AND ST_DWithin(s.geom, p.geom, CAST(:within_m AS float8))
)
ORDER BY place.n
