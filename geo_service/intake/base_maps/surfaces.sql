-- Pavement in and near a square of 500 m. Parameters: x, y, margin_m.
SELECT id, source, source_id, kind, name AS street, side, number_from, number_to, material, laid_on, derived, ST_AsBinary(geom) AS geom
FROM base_shapes
WHERE layer = 'pavement' AND kind <> 'kerb'
  AND geom && ST_Expand(ST_MakeEnvelope(:x * 500, :y * 500, :x * 500 + 500, :y * 500 + 500, 31370), :margin_m)
ORDER BY id
