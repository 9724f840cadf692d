-- The newest migration that this database has.
SELECT version_num FROM alembic_version
