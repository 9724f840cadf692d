-- Jobs that wait to deliver these alerts to a subscription: another attempt is to begin anew, and two chains of attempts would be one too many.
DELETE FROM procrastinate_jobs
WHERE task_name = :task AND status = 'todo' AND args ->> 'subscription_id' = CAST(CAST(:subscription_id AS uuid) AS text)
  AND CAST(args ->> 'seq' AS bigint) = ANY(CAST(:seqs AS bigint[]))
