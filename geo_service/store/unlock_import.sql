-- Give the lock of the imports of :source back.
SELECT pg_advisory_unlock(hashtextextended('import of ' || CAST(:source AS text), 0))
