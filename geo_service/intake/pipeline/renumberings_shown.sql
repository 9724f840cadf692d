-- Suggestions about works or repairs that the source shows again under their own id are none: both are there.
UPDATE renumberings r SET status = 'withdrawn'
WHERE r.source = :source AND r.status = 'suggested'
  AND r.old_id IN (SELECT coalesce(s.works_id, s.repair_id) FROM import_stage s WHERE coalesce(s.works_id, s.repair_id) IS NOT NULL)
RETURNING r.old_id, r.new_id
