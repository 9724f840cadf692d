-- Add an update to each report of which something else is to be told than last time.
-- A confirmed double is told what is told of its main one. What is finished, closed or planned speaks for itself; otherwise the advice
-- does (`updates`: repair_id, code, params). A planned repair that works hold up is told the advice, not its days.
WITH advice_update AS (
    SELECT * FROM jsonb_to_recordset(CAST(:updates AS jsonb)) AS s (repair_id uuid, code text, params jsonb)
), report AS (
    SELECT r.id, main.id AS main_id, main.number, main.status, main.planned, main.finished_on, r.id <> main.id AS twin
    FROM repairs r
    LEFT JOIN duplicates d ON d.repair_id = r.id AND d.status = 'confirmed'
    JOIN repairs main ON main.id = coalesce(d.of_id, r.id)
    WHERE r.source = :source AND r.deleted_at IS NULL
      AND (r.id = ANY(CAST(:repair_ids AS uuid[])) OR main.id = ANY(CAST(:repair_ids AS uuid[])))
), update_text AS (
    SELECT report.id AS repair_id, CASE WHEN report.status IN ('done', 'cancelled') THEN 'closed' ELSE 'open' END AS status,
           CASE WHEN report.status IN ('done', 'cancelled', 'in_progress') THEN report.status
                WHEN report.status = 'scheduled' AND advice_update.code = 'repair' THEN 'scheduled'
                ELSE advice_update.code END AS code,
           CASE WHEN report.status = 'done' THEN jsonb_build_object('on', report.finished_on)
                WHEN report.status IN ('cancelled', 'in_progress') THEN '{}'
                WHEN report.status = 'scheduled' AND advice_update.code = 'repair' THEN jsonb_build_object('on', lower(report.planned))
                ELSE advice_update.params END
               || CASE WHEN report.twin THEN jsonb_build_object('number', 'H-' || report.number) ELSE '{}' END AS params
    FROM report
    LEFT JOIN advice_update ON advice_update.repair_id = report.main_id
)
INSERT INTO report_updates (repair_id, status, code, params)
SELECT update_text.repair_id, update_text.status, update_text.code, update_text.params
FROM update_text
LEFT JOIN LATERAL (
    SELECT u.status, u.code, u.params FROM report_updates u WHERE u.repair_id = update_text.repair_id ORDER BY u.id DESC LIMIT 1
) before ON true
WHERE update_text.code IS NOT NULL AND (update_text.status, update_text.code, update_text.params) IS DISTINCT FROM (before.status, before.code, before.params)
