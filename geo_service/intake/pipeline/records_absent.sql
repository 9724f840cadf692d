-- Records of these works of which this import says nothing: it does not show them, or (after a :full look) shows them and does not take them in.
SELECT r.works_id, r.record_key
FROM source_records r
WHERE r.source = :source AND r.works_id = ANY(CAST(:works_ids AS uuid[])) AND r.vanished_at IS NULL
  AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_key = r.record_key)
  AND (NOT CAST(:full AS boolean) OR EXISTS (SELECT FROM import_refused f WHERE f.record_key = r.record_key))
