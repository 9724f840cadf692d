-- How long and how large clashes are, and how many of them hardly share ground or share all their days.
SELECT count(*) AS clashes, percentile_disc(0.5) WITHIN GROUP (ORDER BY CAST(facts ->> 'overlap_days' AS integer)) AS "median days",
       round(CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(facts ->> 'overlap_m2' AS float8)) AS numeric)) AS "median m²",
       count(*) FILTER (WHERE CAST(facts ->> 'overlap_share' AS float8) < 0.02) AS "share under 2 %",
       count(*) FILTER (WHERE CAST(facts ->> 'overlap_m2' AS float8) < 1) AS "under 1 m²",
       count(*) FILTER (WHERE (a ->> 'stated_starts_on', a ->> 'stated_ends_on') = (b ->> 'stated_starts_on', b ->> 'stated_ends_on')) AS "the same days"
FROM conflicts
WHERE rule_id = 'works_clash' AND status NOT IN ('expired', 'withdrawn')
