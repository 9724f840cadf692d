-- After a full look: shapes that the map no longer shows go, with the sections cut out of them. Parameters: source, layer.
WITH gone AS (
    DELETE FROM base_shapes b
    WHERE b.source = :source AND b.layer = :layer AND NOT EXISTS (SELECT FROM base_stage s WHERE s.key = b.source_id)
      AND NOT EXISTS (SELECT FROM base_refused f WHERE f.key = b.source_id)
    RETURNING b.geom
), touched AS (
    SELECT geom FROM gone
), marked AS (
\ir mark.sql
)
SELECT count(*) AS gone FROM gone
