-- What the database says of the service's health: one row per figure and label.
WITH figures (metric, label, value) AS (
    -- conflicts by status; 'shadow' are those of rules that only look on
    SELECT 'conflicts', CASE WHEN shadow THEN 'shadow' ELSE status END, count(*)::double precision
    FROM conflicts GROUP BY 2
    UNION ALL
    SELECT 'queue_jobs', queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    GROUP BY queue_name
    UNION ALL
    -- seconds that the oldest job waits which could have begun
    SELECT 'queue_age_seconds', job.queue_name,
        extract(epoch FROM now() - min(coalesce(job.scheduled_at, since.at)))
    FROM procrastinate_jobs AS job
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')
    ) AS since ON true
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    GROUP BY job.queue_name
    UNION ALL
    SELECT 'queue_failed_jobs', queue_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY queue_name
    UNION ALL
    -- seconds since each source last came in as a whole
    SELECT 'feed_age_seconds', source, extract(epoch FROM now() - max(finished_at)) FROM imports WHERE status = 'done' GROUP BY source
    UNION ALL
    -- days that conflicts and advice are behind the calendar: 0, unless no worker runs
    (SELECT 'days_behind', '', CAST(:today AS date) - day FROM recomputations ORDER BY id DESC LIMIT 1)
    UNION ALL
    (SELECT 'self_check_differences', '', differences FROM recomputations WHERE kind = 'check' ORDER BY id DESC LIMIT 1)
    UNION ALL
    SELECT 'worker_up', '', CAST(worker.up AS integer) FROM (
\ir worker_is_up.sql
    ) worker
    UNION ALL
    SELECT 'feed_position', '', max(seq) FROM alerts
)
SELECT metric, label, value FROM figures WHERE value IS NOT NULL ORDER BY metric, label
