-- How streets become claims: each claims its own ground, always, so that rules can count what opens it ("the street that never gets a rest").
-- Parameters: everything, or street_ids, street_half_width_m.
SELECT 'street' AS kind, id AS origin_id, CAST(NULL AS uuid) AS works_id, CAST(NULL AS uuid) AS repair_id, CAST(NULL AS uuid) AS building_id,
       CAST(NULL AS text) AS owner_group_id, DATE '2000-01-01' AS starts, CAST(NULL AS date) AS ends, CAST(NULL AS date) AS stated_starts,
       CAST(NULL AS date) AS stated_ends, CAST(NULL AS text) AS certainty, CAST(1 AS float8) AS probability, true AS firm, false AS umbrella,
       false AS overdue, CAST(NULL AS date) AS moratorium_until, CAST('{}' AS text[]) AS surfaces, CAST(NULL AS float8) AS value_eur,
       CAST(NULL AS integer) AS life_days, ST_Buffer(geom, CAST(:street_half_width_m AS float8), 'endcap=flat') AS geom, id AS group_id, id AS street_id,
       CAST('{}' AS text[]) AS sides, CAST(NULL AS text) AS severity, CAST(NULL AS float8) AS eur_per_m2, CAST(NULL AS text) AS layer
FROM streets
WHERE :everything OR id = ANY(CAST(:street_ids AS uuid[]))
