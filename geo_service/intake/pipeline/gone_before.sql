-- The works and repairs of which this look shows no record, also none under another key: those that may have got another id.
SELECT DISTINCT coalesce(gone.works_id, gone.repair_id) AS id
FROM import_gone gone
LEFT JOIN works w ON w.id = gone.works_id
LEFT JOIN repairs p ON p.id = gone.repair_id
WHERE coalesce(w.deleted_at, p.deleted_at) IS NULL AND (w.id IS NOT NULL OR p.id IS NOT NULL)
  AND coalesce(gone.works_id, gone.repair_id) NOT IN (
      SELECT coalesce(s.works_id, s.repair_id) FROM import_stage s WHERE coalesce(s.works_id, s.repair_id) IS NOT NULL)
  AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_group = coalesce(w.source_id, p.source_id))
