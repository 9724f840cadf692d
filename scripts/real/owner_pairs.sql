-- The ten pairs of owner groups that clash most, with the median size of what they share.
SELECT least(a ->> 'owner_group', b ->> 'owner_group') AS "owner group", greatest(a ->> 'owner_group', b ->> 'owner_group') AS "and",
       count(*) AS clashes,
       round(CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(facts ->> 'overlap_m2' AS float8)) AS numeric)) AS "median m² shared"
FROM conflicts
WHERE rule_id = 'works_clash' AND status NOT IN ('expired', 'withdrawn')
GROUP BY 1, 2
ORDER BY clashes DESC, 1, 2
LIMIT 10
