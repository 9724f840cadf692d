-- What happened to conflicts between two days, by rule: how many were found (or came back), decided by people, and ended by the facts (their days were
-- over, or the records no longer conflict), and half of the decisions within so many days of the finding. Rules in shadow do not count.
WITH event AS (
    SELECT e.conflict_id, e.kind, CAST(e.at AT TIME ZONE CAST(:time_zone AS text) AS date) AS day FROM conflict_events e
), counted AS (
    SELECT c.rule_id AS rule, e.conflict_id, bool_or(e.kind IN ('opened', 'reopened')) AS opened,
           bool_or(e.kind IN ('agree', 'settle', 'accept-risk', 'accepted_risk')) AS decided, bool_or(e.kind = ANY(CAST(:gone AS text[]))) AS ended,
           min(e.day) FILTER (WHERE e.kind IN ('agree', 'settle', 'accept-risk', 'accepted_risk')) AS decided_on
    FROM event e JOIN conflicts c ON c.id = e.conflict_id
    WHERE NOT c.shadow AND e.day >= CAST(:from_on AS date) AND e.day < CAST(:until_on AS date)
    GROUP BY c.rule_id, e.conflict_id
)
SELECT k.rule, count(*) FILTER (WHERE opened) AS opened, count(*) FILTER (WHERE decided) AS decided, count(*) FILTER (WHERE ended) AS ended,
       CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_on - (
           SELECT max(e.day) FROM event e WHERE e.conflict_id = k.conflict_id AND e.kind IN ('opened', 'reopened') AND e.day <= decided_on)) AS float8) AS days
FROM counted k
GROUP BY k.rule
HAVING bool_or(opened OR decided OR ended)
ORDER BY opened DESC, k.rule
