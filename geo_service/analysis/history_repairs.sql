-- The repairs of the history: those that were finished, for this transaction within the history as if they were still to come, and those that are
-- planned in it. One without days would claim its first day, years ago: it is none of the past.
-- Parameters: since.
CREATE TEMP TABLE repairs ON COMMIT DROP AS
SELECT (CASE WHEN r.status = 'done' AND r.finished_on > :since
             THEN jsonb_populate_record(r, jsonb_build_object('status', 'scheduled', 'planned',
                 CASE WHEN upper(r.planned) > :since THEN r.planned ELSE daterange(r.finished_on - 1, r.finished_on) END))
             ELSE r END).*
FROM repairs r
WHERE r.status = 'done' OR upper(r.planned) > :since
