-- The cases that people decide on, the most pressing first: one row each, with the parts of its score (docs/how-to/settle-a-conflict.md).
-- A case is open as long as one of its conflicts is; its score is that of its open conflicts together.
WITH member AS (
\ir case_members.sql
), paid AS (
    -- each repair once, at the conflict that costs it most: two rules that tell of it cost no more than one
    SELECT *, CASE WHEN repair_id IS NULL OR row_number() OVER (PARTITION BY case_id, repair_id ORDER BY eur DESC, id) = 1 THEN eur ELSE 0 END AS own_eur
    FROM member
    WHERE (CAST(:status AS text) IS NULL OR status = :status) AND (CAST(:case_id AS uuid) IS NULL OR case_id = :case_id)
), counted AS (
    SELECT case_id AS id, array_agg(id ORDER BY number) AS conflict_ids, array_agg(DISTINCT rule_id) AS rules,
           count(*) AS conflicts, count(*) FILTER (WHERE status IN ('open', 'acknowledged')) AS undecided,
           count(DISTINCT repair_id) AS repairs, bool_and(opportunity) AS opportunity, bool_or(blocking) AS blocking,
           round(CAST(sum(own_eur) AS numeric), 2) AS eur, min(decide_by) AS decide_by, max(probability) AS probability,
           max(CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END) AS severity_rank,
           min(due_on) AS due_on, bool_or(escalated) AS escalated, array_remove(array_agg(DISTINCT department), NULL) AS departments,
           array_remove(array_agg(DISTINCT person), NULL) AS persons, array_agg(DISTINCT status) AS statuses,
           ST_Centroid(ST_Collect(ST_Centroid(geom))) AS middle, ST_Collect(geom) AS ground
    FROM paid
    GROUP BY case_id
), scored AS (
    SELECT counted.*,
           round(CAST(:money_points * least(1, log(1 + eur) / 4) AS numeric), 1) AS money,
           round(CAST(:time_points * greatest(0, 1 - (decide_by - CAST(:today AS date)) / CAST(:time_days AS float8)) AS numeric), 1) AS time,
           round(CAST(:certainty_points * probability AS numeric), 1) AS certainty,
           round(CAST(:severity_points * severity_rank / 4.0 AS numeric), 1) AS severity
    FROM counted
    WHERE (undecided > 0 OR NOT CAST(:undecided AS boolean)) AND (escalated OR NOT CAST(:escalated AS boolean))
      AND (CAST(:department AS text) IS NULL OR :department = ANY(departments)) AND (CAST(:person AS text) IS NULL OR :person = ANY(persons))
), ranked AS (
    SELECT scored.*, money + time + certainty + severity AS score, count(*) OVER () AS total FROM scored
)
SELECT id, ground, conflict_ids, rules, conflicts, undecided, repairs, opportunity, blocking, eur, decide_by, due_on, escalated, departments, persons, statuses,
       score, money, time, certainty, severity, severity_rank, total,
       (SELECT array_agg(DISTINCT g.name) FROM conflicts c JOIN owner_groups g ON g.id IN (c.a ->> 'owner_group', c.b ->> 'owner_group')
        WHERE c.id = ANY(conflict_ids) AND g.kind <> 'city') AS owners, ST_X(ST_Transform(middle, 4326)) AS lon, ST_Y(ST_Transform(middle, 4326)) AS lat
FROM ranked
WHERE CAST(:after AS uuid) IS NULL OR (score, id) < (SELECT score, id FROM ranked WHERE id = CAST(:after AS uuid))
ORDER BY score DESC, id DESC
LIMIT :most
