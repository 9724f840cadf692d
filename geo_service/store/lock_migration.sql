-- Wait for the turn to migrate; with :wait false, say at once whether it is our turn. Parameters: key, wait.
SELECT CASE WHEN :wait THEN pg_advisory_xact_lock(:key) IS NOT NULL ELSE pg_try_advisory_xact_lock(:key) END AS ours
