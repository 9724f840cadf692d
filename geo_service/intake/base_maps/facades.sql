-- What limits and divides pavement inside a box: buildings, parcels, kerbs, and footpaths that were surveyed.
-- Parameters: west, south, east, north.
SELECT 'building' AS what, street, CAST(substring(house_number FROM '^\d{1,6}') AS integer) AS number, ST_AsBinary(geom) AS geom
FROM buildings
WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 31370)
UNION ALL
SELECT CASE WHEN layer = 'parcel' THEN 'parcel' ELSE kind END, NULL, NULL, ST_AsBinary(geom)
FROM base_shapes
WHERE (layer = 'parcel' OR layer = 'pavement' AND kind IN ('kerb', 'footpath')) AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 31370)
