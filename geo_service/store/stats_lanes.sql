-- What happens in each street, or by each owner (`by_owner`), between two days: works, repairs, protected ground and cases. Works stand in each street
-- along which they lie, on the days that their source states. Those along no street have no name. The most at stake comes first.
-- Parameters: from_on, until_on (first day after), by_owner, and those of cases_scored.sql.
WITH
\ir cases_scored.sql
, ground AS (
    SELECT c.kind, c.works_id, c.repair_id, c.owner_group_id, c.certainty, c.stated_starts, c.stated_ends, c.starts, c.moratorium_until,
           CASE WHEN CAST(:by_owner AS boolean) THEN g.name ELSE street.name END AS lane
    FROM claims c
    LEFT JOIN owner_groups g ON g.id = c.owner_group_id
    LEFT JOIN LATERAL (SELECT DISTINCT split_part(side, '/', 1) AS name FROM unnest(c.sides) AS side) street ON NOT CAST(:by_owner AS boolean)
    WHERE c.kind IN ('opening', 'occupancy', 'repair', 'investment', 'protection')
), bars AS (
    SELECT lane, works_id, min(stated_starts) AS starts_on, max(stated_ends) AS ends_on, bool_or(kind = 'opening') AS opens, min(certainty) AS certainty
    FROM ground
    WHERE kind IN ('opening', 'occupancy') AND daterange(stated_starts, stated_ends) && daterange(:from_on, :until_on)
    GROUP BY lane, works_id
), works_of AS (
    SELECT lane, jsonb_agg(jsonb_build_object('id', w.id, 'source', w.source, 'source_id', w.source_id, 'title', w.title, 'owner', o.name,
                                              'owner_group', o.owner_group_id, 'owner_group_name', g.name, 'certainty', bars.certainty, 'opens_surface', bars.opens,
                                              'starts_on', bars.starts_on, 'ends_on', bars.ends_on) ORDER BY bars.starts_on, w.id) AS works
    FROM bars JOIN works w ON w.id = bars.works_id JOIN organisations o ON o.id = w.owner_id JOIN owner_groups g ON g.id = o.owner_group_id
    GROUP BY lane
), repairs_of AS (
    SELECT lane, jsonb_agg(jsonb_build_object('number', 'H-' || r.number, 'on', greatest(ground.starts, CAST(:today AS date)), 'held', r.held)
                           ORDER BY ground.starts, r.number) AS repairs
    FROM ground JOIN repairs r ON r.id = ground.repair_id
    WHERE ground.kind = 'repair' AND greatest(ground.starts, CAST(:today AS date)) >= CAST(:from_on AS date) AND ground.starts < CAST(:until_on AS date)
    GROUP BY lane
), protected AS (
    SELECT lane, max(moratorium_until) AS protected_until
    FROM ground
    WHERE kind IN ('investment', 'protection') AND starts < CAST(:until_on AS date) AND moratorium_until > CAST(:from_on AS date)
    GROUP BY lane
), cases_of AS (
    SELECT lane.name AS lane, sum(s.eur) FILTER (WHERE NOT s.opportunity) AS eur, sum(s.eur) FILTER (WHERE s.opportunity) AS saving_eur,
           jsonb_agg(jsonb_build_object('id', s.id, 'last_day', s.last_day, 'opportunity', s.opportunity, 'eur', s.eur, 'rules', s.rules)
                     ORDER BY s.last_day, s.id) AS cases
    FROM scored s
    CROSS JOIN LATERAL (
        SELECT unnest(s.streets) AS name WHERE NOT CAST(:by_owner AS boolean)
        UNION
        SELECT g.name FROM owner_groups g WHERE CAST(:by_owner AS boolean) AND g.id = ANY(s.owner_groups) AND g.kind <> 'city'
    ) lane
    GROUP BY lane.name
)
SELECT lane AS name, CASE WHEN CAST(:by_owner AS boolean) THEN (SELECT min(g.id) FROM owner_groups g WHERE g.name = lane) END AS owner_group,
       CAST(coalesce(c.eur, 0) AS float8) AS at_risk_eur, CAST(coalesce(c.saving_eur, 0) AS float8) AS saving_eur, p.protected_until,
       coalesce(w.works, '[]') AS works, coalesce(r.repairs, '[]') AS repairs, coalesce(c.cases, '[]') AS cases
FROM works_of w FULL JOIN repairs_of r USING (lane) FULL JOIN cases_of c USING (lane) LEFT JOIN protected p USING (lane)
ORDER BY at_risk_eur DESC, saving_eur DESC, jsonb_array_length(coalesce(w.works, '[]')) DESC, name
