-- Every record of this import was seen, also those that say the same as before, are older or could not be read. To the day: a feed that
-- comes in every hour must not write a million rows every hour to say so.
UPDATE source_records r SET last_seen_at = now()
FROM (SELECT record_key FROM import_stage UNION SELECT record_key FROM import_refused) s
WHERE r.source = :source AND r.record_key = s.record_key AND r.last_seen_at < now() - interval '1 day'
