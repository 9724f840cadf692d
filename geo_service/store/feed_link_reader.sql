-- Whose private address has this hash: what its maker may see is decided now. That of a machine ends with its last key in use.
SELECT l.id, l.name, l.filter, u.language, CASE WHEN l.user_id IS NULL THEN machine.owner_group_id ELSE u.owner_group_id END AS party
FROM feed_links l
LEFT JOIN users u ON u.id = l.user_id
LEFT JOIN LATERAL (
    SELECT true AS works, k.owner_group_id
    FROM api_keys k
    WHERE coalesce(k.machine_id, k.id) = l.machine_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    ORDER BY k.id DESC
    LIMIT 1
) machine ON true
WHERE l.token_hash = :token_hash AND l.revoked_at IS NULL AND CASE WHEN l.user_id IS NULL THEN machine.works ELSE u.disabled_at IS NULL END
