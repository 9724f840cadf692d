-- Axes of streets inside a box. Parameters: west, south, east, north.
SELECT id, name, name_right, ST_AsBinary(geom) AS geom
FROM base_shapes
WHERE layer = 'street' AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 31370)
ORDER BY id
