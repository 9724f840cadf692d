-- The works that are over, for this transaction as if they were still to come: those of which a phase ends after the first day of the
-- history, with these phases; one that was finished early ends on that day. Their days are as they are known now, not as they were announced then.
-- Parameters: since.
CREATE TEMP TABLE phases ON COMMIT DROP AS
SELECT (jsonb_populate_record(p, jsonb_build_object('during', lasted.during))).*
FROM phases p JOIN works w ON w.id = p.works_id
CROSS JOIN LATERAL (SELECT p.during * daterange(NULL, CASE WHEN w.certainty = 'done' THEN w.finished_on + 1 END) AS during) lasted
WHERE NOT isempty(lasted.during) AND upper(lasted.during) > :since
