-- What to tell about these conflicts, and which departments: the rule, how bad, the works by owner, id and dates, the repair by its number.
SELECT c.id, c.rule_id AS rule, c.severity, c.blocking, c.opportunity, c.repair_id, r.number AS repair_number, c.number, c.building_id,
       coalesce(c.a ->> 'moratorium_until', c.b ->> 'moratorium_until') AS moratorium_until,
       CASE WHEN c.a ->> 'certainty' = 'done' AND c.rule_id = 'wasted_repair' THEN ARRAY['nutsen'] ELSE rule.departments END AS departments,
       c.facts -> 'cost_at_risk_eur' AS cost_at_risk_eur,
       ST_X(place.at) AS lon, ST_Y(place.at) AS lat,
       (SELECT jsonb_agg(jsonb_build_object('id', w.id, 'owner', o.name, 'owner_group', o.owner_group_id, 'source', w.source,
                                            'source_id', w.source_id, 'certainty', w.certainty, 'starts_on', p.starts, 'ends_on', p.ends) ORDER BY w.id)
        FROM works w
        JOIN organisations o ON o.id = w.owner_id
        -- works of several phases meet others by one of them
        CROSS JOIN LATERAL (SELECT CASE WHEN c.a -> 'works_ids' @> to_jsonb(CAST(w.id AS text)) THEN c.a ELSE c.b END AS claim) side
        CROSS JOIN LATERAL (
            SELECT coalesce(CAST(side.claim ->> 'stated_starts_on' AS date), min(lower(during))) AS starts,
                   coalesce(CAST(side.claim ->> 'stated_ends_on' AS date), max(upper(during))) AS ends
            FROM phases WHERE works_id = w.id) p
        WHERE w.id = ANY(c.works_ids)) AS works
FROM conflicts c
JOIN rules rule ON rule.id = c.rule_id AND rule.version = c.rule_version
LEFT JOIN repairs r ON r.id = c.repair_id
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(c.geom), 4326) AS at) place
WHERE c.id = ANY(CAST(:conflict_ids AS uuid[])) AND NOT c.shadow
