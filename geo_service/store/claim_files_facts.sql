-- What a claim on a guarantee leans on: the defect, the trench it lies in, their days and numbers, and what the repair costs. Nothing about who
-- reported it.
SELECT c.id, c.number, c.rule_id, c.b ->> 'owner_group' AS owner_group_id, CAST(CAST(c.b ->> 'starts_on' AS date) - 1 AS text) AS reinstated_on, c.b ->> 'ends_on' AS guaranteed_until,
       c.facts -> 'distance_m' AS distance_m, r.number AS repair_number, r.category, r.reported_at, r.finished_on,
       coalesce(r.cost_eur, CAST(c.facts -> 'inputs' ->> 'value_eur' AS float8), 0) AS amount_eur,
       w.source, w.source_id, w.title, o.name AS owner, (SELECT count(*) FROM photos p WHERE p.repair_id = r.id) AS photos,
       ST_X(place.at) AS lon, ST_Y(place.at) AS lat
FROM conflicts c
JOIN repairs r ON r.id = c.repair_id
JOIN works w ON w.id = CAST(c.b ->> 'works_id' AS uuid)
JOIN organisations o ON o.id = w.owner_id
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(c.geom), 4326) AS at) place
WHERE c.id = CAST(:conflict_id AS uuid) AND c.rule_id = 'guarantee_applies' AND NOT c.shadow
