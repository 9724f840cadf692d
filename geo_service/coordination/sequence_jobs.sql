-- The works that open this ground, a row for each piece of ground and works, with what they share of it and which of the others they meet there.
-- Parameters: grounds (JSON list of {n, geom: hex EWKB}), today.
WITH ground AS (
    SELECT n, ST_GeomFromEWKB(decode(geom, 'hex')) AS geom FROM jsonb_to_recordset(CAST(:grounds AS jsonb)) AS a (n integer, geom text)
), job AS (
    SELECT a.n, a.geom AS ground_geom, c.works_id, ST_Union(c.geom) AS geom, min(c.starts) AS claimed_from, max(c.ends) AS claimed_until,
           min(c.stated_starts) AS starts_on, max(c.stated_ends) AS ends_on, bool_or(c.overdue) AS overdue, bool_and(c.umbrella) AS umbrella
    FROM ground a
    JOIN claims c ON c.kind = 'opening' AND c.ends > CAST(:today AS date) AND ST_Intersects(c.geom, a.geom)
    GROUP BY a.n, a.geom, c.works_id
)
SELECT j.n, j.works_id, o.name AS owner, g.kind AS owner_kind, w.source, w.source_id, w.title, w.remark, w.layer, w.certainty, j.starts_on, j.ends_on,
       j.claimed_from, j.claimed_until, j.overdue, j.umbrella,
       ST_Area(ST_CollectionExtract(ST_Intersection(j.geom, j.ground_geom), 3)) AS shared_m2, ST_Area(j.ground_geom) AS ground_m2,
       (SELECT array_agg(other.works_id) FROM job other
        WHERE other.n = j.n AND other.works_id <> j.works_id AND ST_Intersects(other.geom, j.geom)) AS meets
FROM job j
JOIN works w ON w.id = j.works_id
JOIN organisations o ON o.id = w.owner_id
JOIN owner_groups g ON g.id = o.owner_group_id
ORDER BY j.n, w.source, w.source_id
