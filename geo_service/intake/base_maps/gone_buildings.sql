-- Of the buildings of a map, how many a full look no longer shows and would take away, and how many there are. Parameters: source.
SELECT count(*) FILTER (
           WHERE NOT EXISTS (SELECT FROM base_stage s WHERE s.key = b.source_id)
             AND NOT EXISTS (SELECT FROM base_refused f WHERE f.key = b.source_id)
             AND NOT EXISTS (SELECT FROM conflicts c WHERE c.building_id = b.id)
             AND NOT EXISTS (SELECT FROM works w WHERE w.building_id = b.id)
       ) AS gone, count(*) AS there
FROM buildings b
WHERE b.source = :source
