-- How buildings become claims: those that must stay reachable (fire station, school, care home …) hold an `access` claim, always.
-- Parameters: building_ids (null: all).
SELECT 'access' AS kind, id AS origin_id, CAST(NULL AS uuid) AS works_id, CAST(NULL AS uuid) AS repair_id, id AS building_id,
       CAST(NULL AS text) AS owner_group_id, DATE '2000-01-01' AS starts, CAST(NULL AS date) AS ends, CAST(NULL AS date) AS stated_starts,
       CAST(NULL AS date) AS stated_ends, CAST(NULL AS text) AS certainty, CAST(1 AS float8) AS probability, true AS firm, false AS umbrella,
       false AS overdue, CAST(NULL AS date) AS moratorium_until, CAST('{}' AS text[]) AS surfaces, CAST(NULL AS float8) AS value_eur,
       CAST(NULL AS integer) AS life_days, geom
FROM buildings
WHERE function = ANY(CAST(:access_functions AS text[]))
  AND (CAST(:building_ids AS uuid[]) IS NULL OR id = ANY(CAST(:building_ids AS uuid[])))
