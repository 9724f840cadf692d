-- The requests around these works that are withdrawn now, each with what became of its works (`gone`), and those withdrawn before whose works
-- are back.
-- A promise stands while its works are only out of sight or done: those hold the repair until somebody confirms that they are called off,
-- and whether the ground is reinstated is for people to say.
-- Parameters: everything, works_ids.
WITH fact AS (
    SELECT w.id, CASE WHEN w.deleted_at IS NOT NULL THEN 'deleted' WHEN w.certainty IN ('cancelled', 'done') THEN w.certainty
                      WHEN w.vanished_at IS NOT NULL THEN 'vanished' END AS withdrawal
    FROM works w
    WHERE CAST(:everything AS boolean) OR w.id = ANY(CAST(:works_ids AS uuid[]))
), gone AS (
    UPDATE requests q
    SET state = 'withdrawn', withdrawal = fact.withdrawal, version = q.version + 1, updated_at = now()
    FROM fact
    WHERE q.works_id = fact.id
      AND (q.state IN ('asked', 'no_answer') AND fact.withdrawal IS NOT NULL
           OR q.state = 'yes' AND fact.withdrawal IN ('cancelled', 'deleted')
           OR q.state = 'withdrawn' AND q.withdrawal <> fact.withdrawal)
    RETURNING q.id, q.number
)
SELECT id, number, true AS gone FROM gone
UNION ALL
SELECT q.id, q.number, false FROM requests q JOIN fact ON fact.id = q.works_id WHERE q.state = 'withdrawn' AND fact.withdrawal IS NULL
ORDER BY number
