-- Each row: a conflict in which no repair is involved and that nobody has decided yet, the oldest first.
SELECT id, version
FROM conflicts
WHERE repair_id IS NULL AND status IN ('open', 'acknowledged') AND NOT shadow
ORDER BY number
LIMIT :most
