-- The alerts from :begin to before :end, in their order, with the day of the city on which each came, its case and its severity.
SELECT a.seq, a.type, a.data, a.conflict_id, a.repair_id, a.departments, CAST(a.at AT TIME ZONE :timezone AS date) AS day, c.case_id,
       coalesce(c.severity, 'info') AS severity, coalesce(c.opportunity, false) AS opportunity
FROM alerts a
-- an alert about a repair alone belongs to the case of its first conflict
LEFT JOIN LATERAL (
    SELECT c.severity, c.opportunity,
\ir ../store/case_id.sql
           AS case_id
    FROM conflicts c
    WHERE CASE WHEN a.conflict_id IS NULL THEN c.repair_id = a.repair_id AND NOT c.shadow ELSE c.id = a.conflict_id END
    ORDER BY c.id
    LIMIT 1
) c ON true
WHERE a.at >= :begin AND a.at < :end
ORDER BY a.seq
