-- Note that a key is used now, unless another process has just done so.
UPDATE api_keys
SET last_used_at = now()
WHERE id = :key_id AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
