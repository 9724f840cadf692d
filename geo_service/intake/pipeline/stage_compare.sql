-- What each record became at an earlier import, and whether it says the same as then.
UPDATE import_stage s
SET works_id = r.works_id, repair_id = r.repair_id, known = true,
    same = s.content_hash = r.content_hash AND r.vanished_at IS NULL
FROM source_records r
WHERE r.source = :source AND r.record_key = s.record_key
