-- All repairs, for this transaction with those that were finished within the history as if they were still to come.
-- Parameters: since.
CREATE TEMP TABLE repairs ON COMMIT DROP AS
SELECT (CASE WHEN r.status = 'done' AND r.finished_on > :since
             THEN jsonb_populate_record(r, jsonb_build_object('status', 'scheduled', 'planned', coalesce(r.planned, daterange(r.finished_on - 1, r.finished_on))))
             ELSE r END).*
FROM repairs r
