-- What is stored, as one number per row, to compare before and after a full run. A row that stays keeps its id, so all of it counts.
SELECT 'claims' AS what, kind || ' ' || CAST(origin_id AS text) AS which, hashtextextended(CAST(c AS text), 0) AS content FROM claims c
UNION ALL
SELECT 'conflicts', 'C-' || CAST(number AS text), hashtextextended(CAST(c AS text), 0) FROM conflicts c
UNION ALL
SELECT 'holds', 'H-' || CAST(r.number AS text),
       hashtextextended(CAST(ROW(r.held, r.verdict, r.verdict_until, h.until, h.released_on) AS text), 0)
FROM repairs r LEFT JOIN holds h ON h.repair_id = r.id
