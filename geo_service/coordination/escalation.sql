-- Conflicts that nobody has decided within their term, of which that was not said yet; a day that a person set comes before the term.
-- Each is marked with today, and comes back with the department that follows it up.
-- Parameters: terms (JSON: rule, '*' for every other one, severity, open_before: the day from which on there is time left),
-- due_before, today, mark (`reminded` or `escalated`).
WITH term AS (
    SELECT * FROM jsonb_to_recordset(CAST(:terms AS jsonb)) AS t (rule text, severity text, open_before date)
), late AS (
    SELECT c.id
    FROM conflicts c
    CROSS JOIN LATERAL (
        SELECT term.open_before FROM term WHERE term.severity = c.severity AND term.rule IN (c.rule_id, '*') ORDER BY term.rule = '*' LIMIT 1
    ) own
    WHERE c.status IN ('open', 'acknowledged') AND NOT c.shadow
      AND CASE WHEN c.due_on IS NULL THEN c.open_since < own.open_before ELSE c.due_on < CAST(:due_before AS date) END
      AND CASE :mark WHEN 'escalated' THEN c.escalated_on IS NULL OR c.escalated_on < c.open_since
                     ELSE (c.reminded_on IS NULL OR c.reminded_on < c.open_since) AND (c.escalated_on IS NULL OR c.escalated_on < c.open_since) END
)
UPDATE conflicts c
SET escalated_on = CASE :mark WHEN 'escalated' THEN CAST(:today AS date) ELSE c.escalated_on END,
    reminded_on = CASE :mark WHEN 'escalated' THEN c.reminded_on ELSE CAST(:today AS date) END,
    version = c.version + 1, updated_at = now()
FROM late
WHERE c.id = late.id
RETURNING c.id
