-- Answers that a repeated request would get again go after some days: so long nobody repeats one.
DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(days => CAST(:days AS integer))
