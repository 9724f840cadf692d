-- Make the streets of the map equal to what the axes say: the axes of one name that lie within 30 m of each other are one street, so two
-- villages keep their own Kerkstraat. A street that is still there keeps its id; one that a conflict names stays. Answers with the ids of
-- the streets that are new or have changed. Parameters: source.
WITH named AS (
    SELECT name, geom FROM base_shapes WHERE layer = 'street' AND name IS NOT NULL
    UNION
    SELECT name_right, geom FROM base_shapes WHERE layer = 'street' AND name_right IS NOT NULL
), clustered AS (
    SELECT name, geom, ST_ClusterDBSCAN(geom, 30, 1) OVER (PARTITION BY name) AS cluster FROM named
), fresh AS (
    SELECT row_number() OVER (ORDER BY name, ST_Collect(geom)) AS n, name, ST_LineMerge(ST_Collect(geom ORDER BY geom)) AS geom
    FROM clustered GROUP BY name, cluster
), kept AS (
    -- each stored street goes to the fresh one that it shares most with, and each fresh one gets at most one
    SELECT DISTINCT ON (n) n, id
    FROM (SELECT DISTINCT ON (s.id) s.id, f.n, ST_Length(ST_Intersection(s.geom, f.geom)) AS shared_m
          FROM streets s JOIN fresh f ON f.name = s.name AND ST_DWithin(s.geom, f.geom, 1)
          WHERE s.source = :source ORDER BY s.id, shared_m DESC) best
    ORDER BY n, shared_m DESC, id
), gone AS (
    DELETE FROM streets s
    WHERE s.source = :source AND NOT EXISTS (SELECT FROM kept k WHERE k.id = s.id)
      AND NOT EXISTS (SELECT FROM conflicts c WHERE c.street_id = s.id)
), moved AS (
    UPDATE streets s SET geom = f.geom
    FROM kept k JOIN fresh f USING (n)
    WHERE s.id = k.id AND NOT ST_OrderingEquals(s.geom, f.geom)
    RETURNING s.id
), added AS (
    INSERT INTO streets (source, name, geom)
    SELECT :source, f.name, f.geom FROM fresh f WHERE NOT EXISTS (SELECT FROM kept k WHERE k.n = f.n)
    RETURNING id
)
SELECT id FROM moved UNION ALL SELECT id FROM added
