-- The cases that people decide on, the most pressing first or in another order (`sort`): one row each, with the parts of its score
-- (docs/how-to/settle-a-conflict.md). `total` counts them all.
WITH
\ir cases_scored.sql
, ranked AS (
    SELECT scored.*, money + time + certainty + severity AS score, count(*) OVER () AS total FROM scored
), listed AS (
    SELECT ranked.*, row_number() OVER (ORDER BY CASE WHEN :sort = 'money' THEN eur END DESC NULLS LAST, CASE WHEN :sort = 'day' THEN last_day END,
                                                 CASE WHEN :sort = 'street' THEN array_to_string(streets, ', ') END, score DESC, id DESC) AS position
    FROM ranked
)
SELECT id, ground, conflict_ids, rules, conflicts, undecided, repairs, opportunity, blocking, eur, decide_by, due_on, escalated, open_since, waits, streets,
       departments, persons, statuses, score, money, time, certainty, severity, severity_rank, total,
       ARRAY(SELECT DISTINCT g.name FROM owner_groups g WHERE g.id = ANY(owner_groups) AND g.kind <> 'city') AS owners,
       ST_X(ST_Transform(middle, 4326)) AS lon, ST_Y(ST_Transform(middle, 4326)) AS lat
FROM listed
WHERE CAST(:after AS uuid) IS NULL OR position > (SELECT position FROM listed WHERE id = CAST(:after AS uuid))
ORDER BY position
LIMIT :most
