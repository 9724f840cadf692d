-- The live conflicts that this person (name or e-mail address, whatever the capitals) follows up go back to a department: the one that is
-- assigned beside the person, else the person's own. Each row: one of them with its repair, and what it was assigned to before and is now.
UPDATE conflicts c
SET person = NULL, department = coalesce(c.department, CAST(:department AS text)), version = c.version + 1, updated_at = now()
FROM conflicts was
WHERE was.id = c.id AND lower(btrim(c.person)) IN (lower(btrim(CAST(:name AS text))), lower(CAST(:email AS text))) AND
\ir conflict_is_live.sql
RETURNING c.id, c.repair_id, was.person, was.department AS department_before, c.department
