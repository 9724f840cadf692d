-- The version of a case. Its conflicts that are gone count on, so that it only ever rises: whoever read an older one is told.
SELECT CAST(sum(c.version) AS integer) AS version
FROM conflicts c
CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
WHERE CAST(:case_id AS uuid) =
\ir case_id.sql
AND
\ir visible_conflicts.sql
