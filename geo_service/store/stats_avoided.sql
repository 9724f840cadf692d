-- What coordination has spared, per year. Of each repair its dearest conflict per way, as a surface is lost once.
WITH once AS (
    SELECT CAST(extract(year FROM e.at AT TIME ZONE 'Europe/Brussels') AS integer) AS year, coalesce(e.details ->> 'way', 'hold') = 'hold' AS held,
           max(CAST(e.details ->> 'avoided_cost_eur' AS numeric)) AS eur
    FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id
    WHERE e.kind = 'avoided'
    GROUP BY 1, 2, coalesce(c.repair_id, c.id)
)
SELECT year, CAST(count(*) FILTER (WHERE held) AS integer) AS repairs, CAST(count(*) FILTER (WHERE NOT held) AS integer) AS combinations,
       CAST(coalesce(sum(eur) FILTER (WHERE held), 0) AS float8) AS held_eur,
       CAST(coalesce(sum(eur) FILTER (WHERE NOT held), 0) AS float8) AS combined_eur,
       CAST(sum(eur) AS float8) AS avoided_cost_eur
FROM once GROUP BY year ORDER BY year
