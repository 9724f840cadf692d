-- What citizens said to the repairs that came in under new ids was said to those that live on. Parameters: ids (of renumberings).
WITH one AS (
    SELECT old_id, new_id FROM renumberings WHERE id = ANY(CAST(:ids AS uuid[])) AND target = 'repairs'
), messages AS (
    UPDATE report_messages m SET repair_id = one.old_id FROM one WHERE m.repair_id = one.new_id
), reporter AS (
    UPDATE reporters p SET repair_id = one.old_id FROM one
    WHERE p.repair_id = one.new_id AND NOT EXISTS (SELECT FROM reporters known WHERE known.repair_id = one.old_id)
), doubles AS (
    UPDATE duplicates d SET of_id = one.old_id FROM one
    WHERE d.of_id = one.new_id AND d.repair_id <> one.old_id
      AND NOT EXISTS (SELECT FROM duplicates known WHERE (known.repair_id, known.of_id) = (d.repair_id, one.old_id))
)
DELETE FROM duplicates d USING one
WHERE d.status = 'suggested' AND (d.repair_id = one.new_id OR d.of_id = one.new_id AND d.repair_id = one.old_id)
