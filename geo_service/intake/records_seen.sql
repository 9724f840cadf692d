-- Every record of this import was seen, also those that say the same as before and those that could not be read.
UPDATE source_records r SET last_seen_at = now()
FROM import_stage s
WHERE r.source = :source AND r.record_key = s.record_key AND r.last_seen_at < now()
