-- Each row: a repair that is not finished, with the advice that stands.
SELECT source_id AS key, id, verdict, verdict_until AS until, held
FROM repairs
WHERE status NOT IN ('done', 'cancelled') AND deleted_at IS NULL
ORDER BY source_id
