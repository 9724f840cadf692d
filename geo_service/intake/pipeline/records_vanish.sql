-- Mark the records that are gone: those of these works or repairs, or (:works_ids null) those of works that still show others.
UPDATE source_records r SET vanished_at = now()
FROM import_gone g
WHERE r.source = :source AND r.record_key = g.record_key AND r.vanished_at IS NULL
  AND CASE WHEN CAST(:ids AS uuid[]) IS NULL THEN NOT (g.works_id = ANY(CAST(:left_alone AS uuid[])) OR g.repair_id = ANY(CAST(:left_alone AS uuid[]))) IS TRUE
           ELSE g.works_id = ANY(CAST(:ids AS uuid[])) OR g.repair_id = ANY(CAST(:ids AS uuid[])) END
