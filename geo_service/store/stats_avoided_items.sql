-- What coordination has spared, repair by repair: the conflicts behind stats_avoided.sql, the newest first. Of each repair its dearest conflict per way.
SELECT DISTINCT ON (extract(year FROM e.at AT TIME ZONE 'Europe/Brussels'), coalesce(e.details ->> 'way', 'hold') = 'hold', coalesce(c.repair_id, c.id))
       c.id AS conflict_id, 'C-' || c.number AS number, CAST(e.at AT TIME ZONE 'Europe/Brussels' AS date) AS on, coalesce(e.details ->> 'way', 'hold') AS way,
       CAST(e.details ->> 'avoided_cost_eur' AS float8) AS avoided_cost_eur
FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id
WHERE e.kind = 'avoided' AND extract(year FROM e.at AT TIME ZONE 'Europe/Brussels') = :year
ORDER BY extract(year FROM e.at AT TIME ZONE 'Europe/Brussels'), coalesce(e.details ->> 'way', 'hold') = 'hold', coalesce(c.repair_id, c.id), avoided_cost_eur DESC
