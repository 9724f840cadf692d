-- What is stored, as one number per row, to compare before and after a full run. A row that stays keeps its id, so all of it counts.
SELECT 'claims' AS what, kind || ' ' || CAST(origin_id AS text) AS which, hashtextextended(CAST(c AS text), 0) AS content FROM claims c
UNION ALL
SELECT 'conflicts', 'C-' || CAST(number AS text), hashtextextended(CAST(c AS text), 0) FROM conflicts c
UNION ALL
SELECT 'holds', 'H-' || CAST(number AS text), hashtextextended(CAST(ROW(held, verdict, verdict_until) AS text), 0) FROM repairs
