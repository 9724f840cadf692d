-- Conflicts whose published state is another one than the state they are in, the oldest change first, at most :most. A conflict that went
-- into the shadow since it was published has the stamp `gone`; one that never left it is not published. :timezone is that of the city.
SELECT news.id, news.stamp, c.number, c.rule_id, c.severity, c.status, c.opportunity, c.repair_id, c.works_ids,
       CAST(c.created_at AT TIME ZONE :timezone AS date) AS created_on,
       CAST(c.a ->> 'starts_on' AS date) AS a_starts_on, CAST(c.a ->> 'ends_on' AS date) AS a_ends_on,
       CAST(c.b ->> 'starts_on' AS date) AS b_starts_on, CAST(c.b ->> 'ends_on' AS date) AS b_ends_on,
       ST_AsText(ST_Transform(c.geom, 4326), 7) AS wkt
FROM (
    SELECT coalesce(t.id, h.thing_id) AS id, coalesce(t.stamp, 'gone') AS stamp, t.updated_at
    FROM (SELECT id, CAST(version AS text) AS stamp, updated_at FROM conflicts WHERE NOT shadow) t
    FULL JOIN (SELECT thing_id, stamp FROM ldes_heads WHERE stream = 'conflicts') h ON h.thing_id = t.id
    WHERE h.stamp IS DISTINCT FROM coalesce(t.stamp, 'gone')
    ORDER BY t.updated_at, 1
    LIMIT :most
) news
LEFT JOIN conflicts c ON c.id = news.id
ORDER BY news.updated_at, news.id
