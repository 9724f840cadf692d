-- What may have to be computed anew because the ground of a square changed: works, repairs, buildings and streets in it or near it.
-- Parameters: x, y, margin_m.
WITH box AS (
    SELECT ST_Expand(ST_MakeEnvelope(:x * 500, :y * 500, :x * 500 + 500, :y * 500 + 500, 31370), :margin_m) AS geom
)
SELECT 'works' AS what, p.works_id AS id FROM phases p, box WHERE p.geom && box.geom
UNION
SELECT 'repair', r.id FROM repairs r, box WHERE r.geom && box.geom AND r.deleted_at IS NULL
UNION
SELECT 'building', b.id FROM buildings b, box WHERE b.geom && box.geom AND (b.function <> 'residential' OR EXISTS (
    SELECT FROM claims c WHERE c.building_id = b.id))
UNION
SELECT 'street', s.id FROM streets s, box WHERE s.geom && box.geom
