-- The works that open this ground, a row for each piece of ground and works: their claims there as side b of a conflict would have them, what they
-- share of the ground and which of the others they meet there.
-- Parameters: grounds (JSON list of {n, geom: hex EWKB}), today.
WITH ground AS (
    SELECT n, ST_GeomFromEWKB(decode(geom, 'hex')) AS geom FROM jsonb_to_recordset(CAST(:grounds AS jsonb)) AS a (n integer, geom text)
), job AS (
    SELECT a.n, a.geom AS ground_geom, c.works_id, ST_Union(c.geom) AS geom,
           jsonb_build_object(
               'kind', 'opening', 'works_id', c.works_id, 'starts_on', min(c.starts), 'ends_on', max(c.ends),
               'stated_starts_on', min(c.stated_starts), 'stated_ends_on', max(c.stated_ends), 'certainty', min(c.certainty),
               'overdue', bool_or(c.overdue), 'umbrella', bool_and(c.umbrella), 'layers', array_remove(array_agg(DISTINCT c.layer), NULL)) AS claim
    FROM ground a
    JOIN claims c ON c.kind = 'opening' AND c.ends > CAST(:today AS date) AND ST_Intersects(c.geom, a.geom)
    GROUP BY a.n, a.geom, c.works_id
)
SELECT j.n, j.works_id, j.claim,
       ST_Area(ST_CollectionExtract(ST_Intersection(j.geom, j.ground_geom), 3)) AS shared_m2, ST_Area(j.ground_geom) AS ground_m2,
       (SELECT array_agg(other.works_id) FROM job other
        WHERE other.n = j.n AND other.works_id <> j.works_id AND ST_Intersects(other.geom, j.geom)) AS meets
FROM job j
JOIN works w ON w.id = j.works_id
ORDER BY j.n, w.source, w.source_id
