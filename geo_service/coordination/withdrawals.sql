-- The requests around these works that are withdrawn, each with what became of its works, and those asked again as their works are back.
-- A promise stands while its works are only out of sight or done: those hold the repair until somebody confirms that they are called off,
-- and whether the ground is reinstated is for people to say.
-- Parameters: everything, works_ids.
UPDATE requests q
SET state = CASE WHEN fact.withdrawal IS NULL THEN 'asked' ELSE 'withdrawn' END, withdrawal = fact.withdrawal,
    version = q.version + 1, updated_at = now()
FROM (
    SELECT w.id, CASE WHEN w.deleted_at IS NOT NULL THEN 'deleted' WHEN w.certainty IN ('cancelled', 'done') THEN w.certainty
                      WHEN w.vanished_at IS NOT NULL THEN 'vanished' END AS withdrawal
    FROM works w
    WHERE CAST(:everything AS boolean) OR w.id = ANY(CAST(:works_ids AS uuid[]))
) fact
WHERE q.works_id = fact.id
  AND (q.state IN ('asked', 'no_answer') AND fact.withdrawal IS NOT NULL
       OR q.state = 'yes' AND fact.withdrawal IN ('cancelled', 'deleted')
       OR q.state = 'withdrawn' AND q.withdrawal IS DISTINCT FROM fact.withdrawal)
RETURNING q.id
