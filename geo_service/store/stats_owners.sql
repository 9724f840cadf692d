-- How each utility keeps its days and answers: works that run or are to come, those whose start passed without any sign (`silent.sql`), and its requests: asked, waiting, late, and half of its answers within so many days.
-- Parameters: those of cases_scored.sql and silent.sql.
WITH
\ir cases_scored.sql
, silent AS (
\ir silent.sql
), live AS (
    SELECT o.owner_group_id, count(*) AS works, count(s.id) AS silent
    FROM works w JOIN organisations o ON o.id = w.owner_id
    LEFT JOIN silent s ON s.id = w.id
    WHERE w.deleted_at IS NULL AND w.certainty NOT IN ('done', 'cancelled')
    GROUP BY o.owner_group_id
), request_count AS (
    SELECT owner_group_id, count(*) AS requests, count(*) FILTER (WHERE state IN ('asked', 'no_answer')) AS waiting,
           count(*) FILTER (WHERE state = 'no_answer' OR (state = 'asked' AND due_on < CAST(:today AS date))) AS late, count(answered_at) AS answered,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - created_at) / 86400) AS answer_days
    FROM requests
    GROUP BY owner_group_id
), cases_of AS (
    SELECT owner_group_id, count(*) AS cases
    FROM scored CROSS JOIN LATERAL unnest(owner_groups) AS owner_group_id
    GROUP BY owner_group_id
), open_conflicts AS (
    SELECT side.owner_group AS owner_group_id, count(*) AS conflicts
    FROM conflicts c CROSS JOIN LATERAL (SELECT c.a ->> 'owner_group' AS owner_group UNION SELECT c.b ->> 'owner_group') side
    WHERE c.status IN ('open', 'acknowledged') AND NOT c.shadow
    GROUP BY side.owner_group
)
SELECT g.id AS owner_group, g.name AS owner, coalesce(l.works, 0) AS works, coalesce(l.silent, 0) AS silent, coalesce(s.cases, 0) AS cases, coalesce(o.conflicts, 0) AS conflicts,
       coalesce(a.requests, 0) AS requests, coalesce(a.waiting, 0) AS waiting, coalesce(a.late, 0) AS late, coalesce(a.answered, 0) AS answered,
       CAST(a.answer_days AS float8) AS answer_days
FROM owner_groups g
LEFT JOIN live l ON l.owner_group_id = g.id
LEFT JOIN request_count a ON a.owner_group_id = g.id
LEFT JOIN cases_of s ON s.owner_group_id = g.id
LEFT JOIN open_conflicts o ON o.owner_group_id = g.id
WHERE g.kind <> 'city' AND coalesce(l.works, a.requests, o.conflicts) IS NOT NULL
ORDER BY conflicts DESC, g.name
