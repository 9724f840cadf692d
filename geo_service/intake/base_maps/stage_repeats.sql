-- Shapes that came twice under one id: the first one counts.
DELETE FROM base_stage s USING (SELECT key, min(row) AS kept FROM base_stage GROUP BY key HAVING count(*) > 1) twice
WHERE s.key = twice.key AND s.row <> twice.kept
RETURNING s.row, s.key, s.line
