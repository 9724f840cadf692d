-- Wait for the lock of the one publisher of event streams. Parameter: key.
SELECT pg_advisory_xact_lock(:key)
