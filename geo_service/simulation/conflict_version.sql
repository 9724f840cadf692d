-- The version and status of one conflict.
SELECT version, status FROM conflicts WHERE id = :conflict_id
