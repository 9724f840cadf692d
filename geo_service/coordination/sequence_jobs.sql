-- The works that open the ground of these repairs, a row for each, with the share of it that they open and the other works they meet there.
-- A repair on whose ground nothing opens has one row without works. Finished and cancelled repairs claim no ground, and are left out.
-- Parameters: repair_ids, today, reach_m (works this near are named, though they share nothing).
WITH footpath AS (
    SELECT c.repair_id, r.planned, c.geom, ST_Area(c.geom) AS area_m2, c.value_eur, c.life_days
    FROM claims c
    JOIN repairs r ON r.id = c.repair_id
    WHERE c.kind = 'repair' AND c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
), job AS (
    SELECT f.repair_id, c.works_id, ST_Union(c.geom) AS geom, min(c.starts) AS claimed_from, max(c.ends) AS claimed_until,
           min(c.stated_starts) AS starts_on, max(c.stated_ends) AS ends_on, max(c.probability) AS probability,
           bool_or(c.overdue) AS overdue, bool_and(c.umbrella) AS umbrella
    FROM footpath f
    JOIN claims c ON c.kind = 'opening' AND c.ends > CAST(:today AS date) AND ST_DWithin(c.geom, f.geom, CAST(:reach_m AS float8))
    GROUP BY f.repair_id, c.works_id
)
SELECT f.repair_id, lower(f.planned) AS planned_from, upper(f.planned) AS planned_until, f.area_m2, f.value_eur, f.life_days, j.works_id,
       o.name AS owner, w.source, w.source_id, w.title, w.utilities, w.specification, w.description, w.certainty, j.starts_on, j.ends_on,
       j.claimed_from, j.claimed_until, j.probability, j.overdue, j.umbrella,
       ST_Area(ST_CollectionExtract(ST_Intersection(j.geom, f.geom), 3)) AS shared_m2,
       ST_Area(j.geom) AS total_m2, met.works_ids AS meets
FROM footpath f
LEFT JOIN job j ON j.repair_id = f.repair_id
LEFT JOIN works w ON w.id = j.works_id
LEFT JOIN organisations o ON o.id = w.owner_id
LEFT JOIN LATERAL (
    SELECT array_agg(other.works_id) AS works_ids FROM job other
    WHERE other.repair_id = j.repair_id AND other.works_id <> j.works_id AND ST_Intersects(other.geom, j.geom)
) met ON true
ORDER BY f.repair_id, w.source, w.source_id
