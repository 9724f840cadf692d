-- Of one record under two ids, suggested and not yet decided, one may have to claim nothing: no conflict is told twice
-- (domain/renumbering.py says which).
DELETE FROM fresh_claims f
WHERE coalesce(f.works_id, f.repair_id) IN (SELECT silent_id FROM renumberings WHERE status = 'suggested' AND silent_id IS NOT NULL)
