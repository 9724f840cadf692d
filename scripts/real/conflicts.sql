-- Stored conflicts by rule: those that live, by severity, and those that are over or withdrawn.
SELECT rule_id AS rule,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn')) AS live,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn') AND severity = 'critical') AS critical,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn') AND severity = 'high') AS high,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn') AND severity = 'medium') AS medium,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn') AND severity = 'low') AS low,
       count(*) FILTER (WHERE status NOT IN ('expired', 'withdrawn') AND blocking) AS "holds a repair",
       count(*) FILTER (WHERE status = 'expired') AS expired,
       count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn
FROM conflicts
GROUP BY rule_id
ORDER BY rule_id
