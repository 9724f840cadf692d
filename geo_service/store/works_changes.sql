-- Each change of dates, status, ground, phases or remark of works that we knew, to be written down before it is made.
INSERT INTO source_changes (works_id, phase_key, field, old_value, new_value, observed_on)
SELECT * FROM (
    SELECT w.id AS works_id, CAST(NULL AS text) AS phase_key, change.field, change.old_value, change.new_value, CAST(:observed_on AS date) AS observed_on
    FROM incoming_works i
    JOIN works w ON w.id = i.id
    CROSS JOIN LATERAL (VALUES
        ('certainty', w.certainty, i.certainty),
        ('source_status', w.source_status, i.source_status),
        ('remark', w.remark, i.remark),
        ('vanished', CASE WHEN w.vanished_at IS NOT NULL THEN 'true' END, NULL)
    ) change (field, old_value, new_value)
    WHERE i.outcome = 'changed' AND change.old_value IS DISTINCT FROM change.new_value
    UNION ALL
    SELECT s.works_id, p.source_key, change.field, change.old_value, change.new_value, CAST(:observed_on AS date)
    FROM incoming_phases p
    JOIN phases s ON s.id = p.id
    CROSS JOIN LATERAL (VALUES
        ('starts_on', CAST(lower(s.during) AS text), CAST(lower(p.during) AS text)),
        ('ends_on', CAST(upper(s.during) AS text), CAST(upper(p.during) AS text)),
        ('geometry', CASE WHEN NOT ST_OrderingEquals(s.geom, p.geom) THEN ST_AsText(s.geom, 2) END,
                     CASE WHEN NOT ST_OrderingEquals(s.geom, p.geom) THEN ST_AsText(p.geom, 2) END)
    ) change (field, old_value, new_value)
    WHERE p.fate = 'changed' AND change.old_value IS DISTINCT FROM change.new_value
    UNION ALL
    SELECT i.id, p.source_key, 'phase', CASE WHEN p.fate = 'gone' THEN p.source_key END, CASE WHEN p.fate = 'new' THEN p.source_key END,
           CAST(:observed_on AS date)
    FROM incoming_phases p
    JOIN incoming_works i ON i.n = p.n AND i.known
    WHERE p.fate IN ('gone', 'new')
) changes
-- what is told as the last change is the end of works, if that moved, and a remark only if nothing else did
ORDER BY works_id, field <> 'remark', field = 'ends_on', field, phase_key
