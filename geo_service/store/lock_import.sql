-- Take the lock of the imports of :source on this connection, unless another connection has it.
SELECT pg_try_advisory_lock(hashtextextended('import of ' || CAST(:source AS text), 0)) AS locked
