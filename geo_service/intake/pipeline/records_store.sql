-- Keep the records that were read, with what they became: works (:are_works) or repairs.
INSERT INTO source_records AS r (source, record_key, works_id, repair_id, raw, content_hash)
SELECT :source, s.record_key, CASE WHEN :are_works THEN became.id END, CASE WHEN NOT :are_works THEN became.id END,
       CAST(s.raw AS jsonb), s.content_hash
FROM import_stage s
JOIN unnest(CAST(:rows AS integer[]), CAST(:ids AS uuid[])) became (row, id) ON became.row = s.row
ORDER BY s.record_key
ON CONFLICT (source, record_key) DO UPDATE SET
    works_id = excluded.works_id, repair_id = excluded.repair_id, raw = excluded.raw, content_hash = excluded.content_hash,
    last_seen_at = now(), vanished_at = NULL
