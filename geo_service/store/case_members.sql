-- Each row is a live conflict with the case that it belongs to. Part of cases.sql.
-- A case is one matter: the works that repairs meet, the works in front of buildings, a street that never rests, or two works that meet.
SELECT c.*,
\ir case_id.sql
       AS case_id,
       c.escalated_on >= c.open_since AND c.status IN ('open', 'acknowledged') AS escalated,
       EXISTS (SELECT FROM requests q WHERE q.state IN ('asked', 'no_answer') AND q.works_id = ANY(c.works_ids) AND c.repair_id = ANY(q.repair_ids)) AS waits,
       coalesce(CAST(c.facts ->> 'saving_eur' AS float8), CAST(c.facts ->> 'cost_at_risk_eur' AS float8), 0) AS eur,
       coalesce(CAST(c.facts ->> 'probability' AS float8), 1) AS probability,
       -- the first side that is still to begin: once it has, there is less to decide
       CASE WHEN CAST(c.a ->> 'stated_starts_on' AS date) > CAST(:today AS date) AND CAST(c.b ->> 'stated_starts_on' AS date) > CAST(:today AS date)
            THEN least(CAST(c.a ->> 'stated_starts_on' AS date), CAST(c.b ->> 'stated_starts_on' AS date))
            ELSE coalesce(greatest(CAST(c.a ->> 'stated_starts_on' AS date), CAST(c.b ->> 'stated_starts_on' AS date), CAST(:today AS date)),
                          CAST(:today AS date)) END AS decide_by
FROM conflicts c
CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
WHERE
\ir conflict_is_live.sql
AND
\ir visible_conflicts.sql
