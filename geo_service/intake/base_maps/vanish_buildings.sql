-- After a full look: buildings that the map no longer shows go, but for those that a conflict, works or a project of the city names. Parameters: source.
WITH gone AS (
    DELETE FROM buildings b
    WHERE b.source = :source AND NOT EXISTS (SELECT FROM base_stage s WHERE s.key = b.source_id)
      AND NOT EXISTS (SELECT FROM base_refused f WHERE f.key = b.source_id)
      AND NOT EXISTS (SELECT FROM conflicts c WHERE c.building_id = b.id) AND NOT EXISTS (SELECT FROM works w WHERE w.building_id = b.id)
      AND NOT EXISTS (SELECT FROM building_projects p WHERE p.building_id = b.id)
    RETURNING b.geom
), touched AS (
    SELECT geom FROM gone
), marked AS (
\ir mark.sql
)
SELECT count(*) AS gone FROM gone
