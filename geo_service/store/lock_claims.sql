-- Wait for the lock of the one writer of claims; a writer that is idle for :idle loses it. Parameters: idle, key.
SELECT set_config('idle_in_transaction_session_timeout', :idle, true), pg_advisory_xact_lock(:key)
