-- The role of other programs, where it is missing. It begins each session read-only, in the schema of the views, with an end to long statements
-- and to transactions that nobody goes on with. Roles belong to the cluster, not to the database.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('geo_reader'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geo_reader') THEN
        CREATE ROLE geo_reader NOLOGIN NOINHERIT CONNECTION LIMIT 10;
    END IF;
END
$$;
ALTER ROLE geo_reader SET default_transaction_read_only = on;
ALTER ROLE geo_reader SET statement_timeout = '60s';
ALTER ROLE geo_reader SET idle_in_transaction_session_timeout = '120s';
ALTER ROLE geo_reader SET search_path = gis, public;
