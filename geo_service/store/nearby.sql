-- The ring: works within some metres of a place and the coming months, nearest first, whatever side of the street they are on. They inform.
-- Parameters: ground (hex EWKB, storage CRS), ring_m, today, hold_look_ahead_days, but_not (works that are told already).
SELECT w.id AS works_id, w.source, w.source_id, o.name AS owner, w.title, near.kind, near.certainty, near.starts_on, near.ends_on, near.distance_m
FROM (
    SELECT DISTINCT ON (c.works_id) c.works_id, c.kind, c.certainty, c.stated_starts AS starts_on, c.stated_ends AS ends_on,
           round(CAST(ST_Distance(c.geom, place.geom) AS numeric), 1) AS distance_m
    FROM (SELECT ST_GeomFromEWKB(decode(CAST(:ground AS text), 'hex')) AS geom OFFSET 0) place
    JOIN claims c ON ST_DWithin(c.geom, place.geom, CAST(:ring_m AS float8))
     AND daterange(c.starts, c.ends) && daterange(CAST(:today AS date), CAST(:today AS date) + CAST(:hold_look_ahead_days AS integer))
    WHERE c.kind IN ('opening', 'occupancy') AND NOT c.umbrella AND c.works_id <> ALL(CAST(:but_not AS uuid[]))
    ORDER BY c.works_id, ST_Distance(c.geom, place.geom)
) near
JOIN works w ON w.id = near.works_id
JOIN organisations o ON o.id = w.owner_id
ORDER BY near.distance_m, w.id
LIMIT 10
