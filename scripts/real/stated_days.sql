-- Worksites of Osiris that are shown now and neither over nor cancelled, with the days they state.
SELECT w.source_id, w.id, min(lower(p.during)) AS starts, max(upper(p.during)) AS ends, w.certainty = 'in_progress' AS begun
FROM works w
JOIN phases p ON p.works_id = w.id
WHERE w.source = 'osiris' AND w.vanished_at IS NULL AND w.deleted_at IS NULL AND w.certainty NOT IN ('done', 'cancelled')
GROUP BY w.id
ORDER BY w.source_id
