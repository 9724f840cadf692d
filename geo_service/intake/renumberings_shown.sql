-- Suggestions about works or repairs that the source shows again under their own id are none: both are there.
UPDATE renumberings r SET status = 'withdrawn'
WHERE r.source = :source AND r.status = 'suggested'
  AND EXISTS (SELECT FROM import_stage s WHERE s.works_id = r.old_id OR s.repair_id = r.old_id)
RETURNING r.old_id, r.new_id
