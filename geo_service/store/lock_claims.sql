-- Wait for the lock of the one writer of claims; a writer that is idle for :idle loses it. Whoever reads sees the clock tick once this writer
-- commits: facts may be others then. Parameters: idle, key.
UPDATE fact_clock SET ticks = ticks + 1
FROM (SELECT set_config('idle_in_transaction_session_timeout', :idle, true), pg_advisory_xact_lock(:key)) turn
WHERE id = 1
