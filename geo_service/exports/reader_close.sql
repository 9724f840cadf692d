-- Nobody comes in as the role of other programs any more, and who is in goes out.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'geo_reader') THEN
        ALTER ROLE geo_reader NOLOGIN PASSWORD NULL;
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'geo_reader';
    END IF;
END
$$;
