-- Records of these works that this import does not show.
SELECT r.works_id, r.record_key
FROM source_records r
WHERE r.source = :source AND r.works_id = ANY(CAST(:works_ids AS uuid[])) AND r.vanished_at IS NULL
  AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_key = r.record_key)
