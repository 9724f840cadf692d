-- Each row: a live conflict between works, and whether both works are likely one project of two owners.
SELECT rule_id AS rule, a_origin_id AS a, b_origin_id AS b, coalesce(CAST(facts ->> 'joint' AS boolean), false) AS joint
FROM conflicts
WHERE rule_id IN ('works_clash', 'shared_trench') AND status NOT IN ('expired', 'withdrawn') AND NOT shadow
ORDER BY number
