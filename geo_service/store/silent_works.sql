-- The works of `silent.sql`, the longest silent first. `heard_at` is when their source last showed them.
WITH silent AS (
\ir silent.sql
)
SELECT w.id, w.source, w.source_id, o.name AS owner, o.owner_group_id AS owner_group, w.title, w.certainty, p.starts_on, p.ends_on,
       CAST(:today AS date) - p.starts_on AS days,
       (SELECT max(r.last_seen_at) FROM source_records r WHERE r.works_id = w.id) AS heard_at,
       CAST(count(*) OVER () AS integer) AS total
FROM silent p
JOIN works w ON w.id = p.id
JOIN organisations o ON o.id = w.owner_id
ORDER BY p.starts_on, w.id
LIMIT :at_most
