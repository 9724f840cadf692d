-- Records that came twice under one key: the last one counts where repeats are one record (:merge), else the first.
DELETE FROM import_stage s USING (
    SELECT record_key, CASE WHEN :merge THEN max(row) ELSE min(row) END AS kept FROM import_stage GROUP BY record_key HAVING count(*) > 1
) twice
WHERE s.record_key = twice.record_key AND s.row <> twice.kept
RETURNING s.row, s.record_key, s.line
