-- What holds that were carried out have spared, per year: of each repair its dearest conflict, as a surface is lost once.
WITH per_repair AS (
    SELECT CAST(extract(year FROM e.at) AS integer) AS year, c.repair_id, max(CAST(e.details ->> 'avoided_cost_eur' AS float8)) AS eur
    FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id
    WHERE e.kind = 'avoided'
    GROUP BY 1, 2
)
SELECT year, CAST(count(*) AS integer) AS repairs, sum(eur) AS avoided_cost_eur FROM per_repair GROUP BY year ORDER BY year
