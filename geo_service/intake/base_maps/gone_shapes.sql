-- Of the shapes of a map, how many a full look no longer shows, and how many there are. Parameters: source, layer.
SELECT count(*) FILTER (
           WHERE NOT EXISTS (SELECT FROM base_stage s WHERE s.key = b.source_id)
             AND NOT EXISTS (SELECT FROM base_refused f WHERE f.key = b.source_id)
       ) AS gone, count(*) AS there
FROM base_shapes b
WHERE b.source = :source AND b.layer = :layer
