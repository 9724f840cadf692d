-- The claims of one place, month after month, neighbours together.
-- A claim lies at one place, that of its middle, in the month in which it begins, however far it reaches.
-- Parameters: east, north (which square), square_m.
SELECT to_char(starts, 'YYYY-MM') AS month, kind, CAST(origin_id AS text) AS origin_id, CAST(works_id AS text) AS works_id,
       CAST(repair_id AS text) AS repair_id, CAST(building_id AS text) AS building_id, owner_group_id, starts, ends, stated_starts, stated_ends,
       certainty, probability, firm, umbrella, overdue, moratorium_until, surfaces, value_eur, life_days, ST_AsBinary(geom) AS geom,
       CAST(group_id AS text) AS group_id, CAST(street_id AS text) AS street_id, sides, severity, eur_per_m2, layer
FROM claims
WHERE floor(ST_X(ST_Centroid(geom)) / :square_m) = :east AND floor(ST_Y(ST_Centroid(geom)) / :square_m) = :north
ORDER BY month, claims.geom, kind, claims.origin_id
