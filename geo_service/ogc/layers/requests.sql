-- Requests to utilities. One feature: a phase of the works that a request is about. A partner sees what it is asked itself.
SELECT ST_AsMVT(t, 'requests', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(q.id AS text) AS id, q.number, q.state, o.name AS owner, CAST(q.works_id AS text) AS works_id, CAST(q.due_on AS text) AS due_on,
           CAST(q.starts_on AS text) AS starts_on, CAST(q.ends_on AS text) AS ends_on, far.geom
    FROM phases p JOIN requests q ON q.works_id = p.works_id JOIN works w ON w.id = p.works_id JOIN organisations o ON o.id = w.owner_id CROSS JOIN box
    CROSS JOIN LATERAL (SELECT p.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE p.geom && box.lambert AND (CAST(:party AS text) IS NULL OR q.owner_group_id = CAST(:party AS text))
    AND (box.days = '(,)' OR daterange(q.starts_on, q.ends_on) && box.days)
    AND (box.department IS NULL OR w.id IN (SELECT f.id FROM followed_works f)) AND
\ir ../tile_owner.sql
    ) t
