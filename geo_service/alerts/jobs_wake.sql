-- Deliveries to a subscription that were never tried begin now: its pause is over, or ends at another moment. Those that a receiver refused
-- come when their next attempt is due.
UPDATE procrastinate_jobs AS job SET scheduled_at = now()
FROM deliveries AS d
WHERE job.task_name = :task AND job.status = 'todo' AND job.scheduled_at > now()
    AND job.args ->> 'subscription_id' = CAST(CAST(:subscription_id AS uuid) AS text)
    AND d.subscription_id = CAST(:subscription_id AS uuid) AND d.alert_seq = CAST(job.args ->> 'seq' AS bigint) AND d.attempts = 0
