-- Let everything in this database go, except extensions: their schemas, tables, functions and types stay.
DO $clear$
DECLARE
    thing record;
BEGIN
    FOR thing IN
        WITH of_extension AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
        SELECT 1 AS turn, 'SCHEMA' AS kind, quote_ident(nspname) AS name
        FROM pg_namespace
        WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') AND oid NOT IN (TABLE of_extension)
        UNION ALL
        -- a sequence of an identity column goes with its table, and not before it
        SELECT CASE relkind WHEN 'S' THEN 3 ELSE 2 END, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
            oid::regclass::text
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND oid NOT IN (TABLE of_extension)
        UNION ALL
        SELECT 4, 'ROUTINE', oid::regprocedure::text
        FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND oid NOT IN (TABLE of_extension)
        UNION ALL
        SELECT 5, 'TYPE', oid::regtype::text
        FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'c', 'r')
            AND oid NOT IN (TABLE of_extension) AND typrelid NOT IN (TABLE of_extension)
        ORDER BY turn
    LOOP
        -- what went with something before it is no longer there
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', thing.kind, thing.name);
    END LOOP;
END
$clear$;
