-- Repairs that wait for works: how many, and since when the oldest was reported.
SELECT count(*) AS repairs, CAST(min(r.reported_at AT TIME ZONE 'Europe/Brussels') AS date) AS oldest_on
FROM repairs r
WHERE r.held AND r.status NOT IN ('done', 'cancelled') AND r.deleted_at IS NULL
