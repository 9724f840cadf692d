-- Whose API key has this hash, if it is still in use.
SELECT name, role, owner_group_id
FROM api_keys
WHERE key_hash = :key_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
