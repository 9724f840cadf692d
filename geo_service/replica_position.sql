-- How far this server is in the log of the primary (bytes): what it has replayed as a replica, else what it has written.
SELECT recovery AS is_replica,
    CAST(pg_wal_lsn_diff(CASE WHEN recovery THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0') AS bigint) AS position
FROM pg_is_in_recovery() AS recovery
