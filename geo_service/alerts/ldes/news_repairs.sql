-- Repairs whose published state is another one than the state they are in, the oldest change first, at most :most. What was deleted since it
-- was published has the stamp `gone`. Nothing that a person wrote, and not who reported.
SELECT news.id, news.stamp, r.number, r.category, r.scope, r.urgency, r.status, r.finished_on, r.verdict, r.verdict_until, r.held,
       lower(r.planned) AS starts_on, upper(r.planned) AS ends_on, g.id AS owner_group, g.name AS owner,
       ST_AsText(ST_Transform(r.geom, 4326), 7) AS wkt
FROM (
    SELECT coalesce(t.id, h.thing_id) AS id, coalesce(t.stamp, 'gone') AS stamp, t.updated_at
    FROM (
        -- advice changes without a new version of the repair
        SELECT id, concat_ws(' ', version, held, coalesce(verdict, '-'), coalesce(CAST(verdict_until AS text), '-')) AS stamp, updated_at
        FROM repairs WHERE deleted_at IS NULL
    ) t
    FULL JOIN (SELECT thing_id, stamp FROM ldes_heads WHERE stream = 'repairs') h ON h.thing_id = t.id
    WHERE h.stamp IS DISTINCT FROM coalesce(t.stamp, 'gone')
    ORDER BY t.updated_at, 1
    LIMIT :most
) news
LEFT JOIN repairs r ON r.id = news.id
LEFT JOIN organisations o ON o.id = r.owner_id
LEFT JOIN owner_groups g ON g.id = o.owner_group_id
ORDER BY news.updated_at, news.id
