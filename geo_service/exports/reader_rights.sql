-- What the role of other programs may do in this database, where the role exists: read the views.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'geo_reader') THEN
        GRANT USAGE ON SCHEMA gis TO geo_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA gis TO geo_reader;
    END IF;
END
$$;
