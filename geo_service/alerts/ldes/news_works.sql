-- Works whose published state is another one than the state they are in, the oldest change first, at most :most. What was deleted since it
-- was published, or lost all its ground, has the stamp `gone`: works without a phase occupy nothing.
SELECT news.id, news.stamp, w.kind, w.category, w.certainty, w.source, w.source_id, w.working_days, g.id AS owner_group, g.name AS owner,
       (SELECT jsonb_agg(jsonb_build_object('starts_on', lower(p.during), 'ends_on', upper(p.during), 'opens_surface', p.opens_surface,
                                            'wkt', ST_AsText(ST_Transform(p.geom, 4326), 7)) ORDER BY lower(p.during), p.id)
        FROM phases p WHERE p.works_id = w.id) AS phases
FROM (
    SELECT coalesce(t.id, h.thing_id) AS id, coalesce(t.stamp, 'gone') AS stamp, t.updated_at
    FROM (
        SELECT w.id, CAST(w.version AS text) AS stamp, w.updated_at FROM works w
        WHERE w.deleted_at IS NULL AND EXISTS (SELECT FROM phases p WHERE p.works_id = w.id)
    ) t
    FULL JOIN (SELECT thing_id, stamp FROM ldes_heads WHERE stream = 'works') h ON h.thing_id = t.id
    WHERE h.stamp IS DISTINCT FROM coalesce(t.stamp, 'gone')
    ORDER BY t.updated_at, 1
    LIMIT :most
) news
LEFT JOIN works w ON w.id = news.id
LEFT JOIN organisations o ON o.id = w.owner_id
LEFT JOIN owner_groups g ON g.id = o.owner_group_id
ORDER BY news.updated_at, news.id
