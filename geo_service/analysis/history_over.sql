-- The works that are over and have a phase in the history, for this transaction as if they were under way. After history_works.sql.
CREATE TEMP TABLE works ON COMMIT DROP AS
SELECT (jsonb_populate_record(w, '{"certainty": "in_progress"}')).*
FROM works w
WHERE w.certainty = 'done' AND w.id IN (SELECT works_id FROM phases);
CREATE INDEX ON pg_temp.phases (works_id);
ANALYZE pg_temp.phases;
ANALYZE pg_temp.works
