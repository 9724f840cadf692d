-- Repairs that were finished between two days, by how much was laid: how many, square metres and euros as the crews wrote them down (null: nobody did).
SELECT finished_scope AS scope, count(*) AS repairs, CAST(sum(area_m2) AS float8) AS area_m2, CAST(sum(cost_eur) AS float8) AS cost_eur
FROM repairs
WHERE deleted_at IS NULL AND status = 'done' AND finished_on >= CAST(:from_on AS date) AND finished_on < CAST(:until_on AS date)
GROUP BY finished_scope
ORDER BY repairs DESC, scope
