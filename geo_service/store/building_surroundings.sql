-- What happens around the city's own buildings: works that run or are to come, and conflicts on which nobody decided yet, within some metres of each; the nearest first.
-- The city's own: its patrimony and town halls, and the buildings of its projects. Umbrella works say little about one building, and are left out.
-- Opportunities are left out too, as where conflicts are counted. A conflict has the owners of its works and the days that both sides state, and no
-- euros where none are at risk. `total` counts all rows, of which `most` are given. Parameters: within_m, today, most.
WITH ours AS (
    SELECT b.id, coalesce(b.name, nullif(concat_ws(' ', b.street, b.house_number), ''), b.source_id) AS name, b.geom
    FROM buildings b
    WHERE b.function IN ('city_patrimony', 'town_hall')
       OR EXISTS (SELECT FROM building_projects p WHERE p.building_id = b.id)
       OR EXISTS (SELECT FROM works w WHERE w.building_id = b.id AND w.kind = 'building_project' AND w.deleted_at IS NULL)
), works_near AS (
    SELECT DISTINCT ON (b.id, c.works_id) b.id AS building_id, b.name AS building, c.works_id, c.certainty, c.stated_starts AS starts_on, c.stated_ends AS ends_on,
           ST_Distance(c.geom, b.geom) AS distance_m
    FROM ours b
    JOIN claims c ON ST_DWithin(c.geom, b.geom, CAST(:within_m AS float8)) AND c.ends > CAST(:today AS date)
    WHERE c.kind IN ('opening', 'occupancy') AND NOT c.umbrella
    ORDER BY b.id, c.works_id, distance_m
), around AS (
    SELECT n.building_id, n.building, 'works' AS kind, n.works_id AS id, w.source_id AS number, w.title, g.name AS owner, n.certainty, NULL AS severity,
           n.starts_on, n.ends_on, round(CAST(n.distance_m AS numeric), 1) AS distance_m, CAST(NULL AS float8) AS eur
    FROM works_near n
    JOIN works w ON w.id = n.works_id
    JOIN organisations o ON o.id = w.owner_id
    JOIN owner_groups g ON g.id = o.owner_group_id
    UNION ALL
    SELECT b.id, b.name, 'conflict', c.id, 'C-' || c.number, c.rule_id, party.owners, NULL, c.severity, lower(days.both), upper(days.both),
           round(CAST(ST_Distance(c.geom, b.geom) AS numeric), 1), nullif(CAST(c.facts ->> 'cost_at_risk_eur' AS float8), 0)
    FROM ours b
    JOIN conflicts c ON ST_DWithin(c.geom, b.geom, CAST(:within_m AS float8))
    CROSS JOIN LATERAL (
        SELECT string_agg(DISTINCT g.name, ', ' ORDER BY g.name) AS owners
        FROM works w JOIN organisations o ON o.id = w.owner_id JOIN owner_groups g ON g.id = o.owner_group_id
        WHERE w.id = ANY(c.works_ids)
    ) party
    CROSS JOIN LATERAL (
        SELECT daterange(CAST(c.a ->> 'stated_starts_on' AS date), CAST(c.a ->> 'stated_ends_on' AS date)) AS a,
               daterange(CAST(c.b ->> 'stated_starts_on' AS date), CAST(c.b ->> 'stated_ends_on' AS date)) AS b
    ) stated
    CROSS JOIN LATERAL (
        SELECT CASE WHEN stated.a && stated.b THEN stated.a * stated.b ELSE range_merge(stated.a, stated.b) END AS both
    ) days
    WHERE c.status IN ('open', 'acknowledged') AND NOT c.shadow AND NOT c.opportunity
)
SELECT *, count(*) OVER () AS total
FROM around
ORDER BY building, building_id, distance_m, kind, id
LIMIT :most
