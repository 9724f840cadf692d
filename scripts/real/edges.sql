-- Live conflicts of footpath renewals that share little or no ground, and those that stand on overdue works.
SELECT rule_id AS rule, blocking AS holds, count(*) AS conflicts,
       count(*) FILTER (WHERE CAST(facts ->> 'overlap_share' AS float8) < 0.05) AS "share under 5 %",
       count(*) FILTER (WHERE CAST(facts ->> 'overlap_m2' AS float8) = 0) AS "share nothing",
       count(*) FILTER (WHERE CAST(b ->> 'overdue' AS boolean)) AS overdue
FROM conflicts
WHERE repair_id IS NOT NULL AND status NOT IN ('expired', 'withdrawn')
GROUP BY rule_id, blocking
ORDER BY rule_id, blocking
