-- Whose API key has this hash, if it is still in use. A rotated key is the same machine as the one that it replaces. Its use is due to be
-- noted when that is a minute ago.
SELECT
    id AS key_id,
    coalesce(machine_id, id) AS machine_id,
    name,
    role,
    owner_group_id AS owner_group,
    scopes,
    last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_due
FROM api_keys
WHERE key_hash = :key_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
