-- The records of the next groups that have to be read, group by group.
SELECT row, line, record_key, record_group, raw, content_hash, same, works_id
FROM import_stage
WHERE todo AND record_group IN (
    SELECT record_group FROM import_stage WHERE todo AND record_group > :after GROUP BY record_group ORDER BY record_group LIMIT :groups)
ORDER BY record_group, row
