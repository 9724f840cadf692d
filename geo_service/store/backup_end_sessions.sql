-- End the sessions of others in this database, after a restore: they hold plans and types of tables that are gone. API and worker connect anew.
SELECT count(pg_terminate_backend(pid))
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'USAGE')
