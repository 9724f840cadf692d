-- From which definition the views were made; no row where there are none.
SELECT obj_description(oid, 'pg_namespace') AS digest FROM pg_namespace WHERE nspname = 'gis'
