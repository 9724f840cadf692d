-- An attempt at an e-mail begins: whom it is for, in which language, and the owner group whose ground it may show; no row when it was sent, was given up, or another attempt is under way.
-- An attempt that took longer than :lease_s has died with its worker.
UPDATE mails m SET attempt_at = now(), attempts = attempts + 1
FROM subscriptions s
LEFT JOIN users u ON u.id = s.user_id
WHERE m.id = :mail_id AND s.id = m.subscription_id AND m.sent_at IS NULL AND m.failed_at IS NULL AND s.active AND u.disabled_at IS NULL
  AND (m.attempt_at IS NULL OR m.attempt_at < now() - make_interval(secs => CAST(:lease_s AS float8)))
RETURNING m.id, m.kind, m.attempts, m.subscription_id, s.name, s.secret, s.rhythm, coalesce(s.target, u.email) AS recipient,
          coalesce(s.language, u.language) AS language, CASE WHEN s.user_id IS NULL THEN s.owner_group_id ELSE u.owner_group_id END AS party
