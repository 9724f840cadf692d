-- How buildings become claims: what must stay reachable (fire station, school, care home …) holds an `access` claim on the building and the
-- ground around it, where people and engines come and go: always, or in the days of its calendar (a school: in term).
-- Parameters: everything, or building_ids, access_functions, emergency_functions, access_reach_*, access_forecourt_m.
SELECT 'access' AS kind, coalesce(term.id, b.id) AS origin_id, CAST(NULL AS uuid) AS works_id, CAST(NULL AS uuid) AS repair_id, b.id AS building_id,
       CAST(NULL AS text) AS owner_group_id, coalesce(term.starts, DATE '2000-01-01') AS starts, term.ends, CAST(NULL AS date) AS stated_starts,
       CAST(NULL AS date) AS stated_ends, CAST(NULL AS text) AS certainty, CAST(1 AS float8) AS probability, true AS firm, false AS umbrella,
       false AS overdue, CAST(NULL AS date) AS moratorium_until, CAST('{}' AS text[]) AS surfaces, CAST(NULL AS float8) AS value_eur,
       CAST(NULL AS integer) AS life_days, ST_Buffer(b.geom, reach.m, 'join=mitre') AS geom, b.id AS group_id,
       CAST(NULL AS uuid) AS street_id, CAST('{}' AS text[]) AS sides,
       CASE WHEN emergency THEN 'high' ELSE 'medium' END AS severity, CAST(NULL AS float8) AS eur_per_m2, CAST(NULL AS text) AS layer
FROM buildings b
CROSS JOIN LATERAL (SELECT b.function = ANY(CAST(:emergency_functions AS text[])) AS emergency) who
-- A building that stands back claims its forecourt as well: up to the footpath, an engine's house up to the carriageway.
CROSS JOIN LATERAL (
    SELECT greatest(CAST(CASE WHEN emergency THEN :access_reach_emergency_m ELSE :access_reach_m END AS float8), min(ST_Distance(v.geom, b.geom)) + 3) AS m
    FROM pavement_sections v
    WHERE ST_DWithin(v.geom, b.geom, CAST(:access_forecourt_m AS float8)) AND (v.kind = 'carriageway') = emergency
) reach
LEFT JOIN LATERAL (
    SELECT lower(c.during) AS starts, upper(c.during) AS ends,
           -- the same term of the same building has the same name for ever
           CAST(md5(CAST(b.id AS text) || CAST(c.during AS text)) AS uuid) AS id
    FROM calendars c WHERE c.function = b.function
) term ON true
WHERE b.function = ANY(CAST(:access_functions AS text[]))
  AND (:everything OR b.id = ANY(CAST(:building_ids AS uuid[])))
