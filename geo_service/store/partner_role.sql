-- The role under which requests of partners read, and what it may read: ground, words and rules as everybody; works, conflicts and alerts
-- through their policies; nothing of people, keys, reports and raw records. Roles belong to the cluster, not to the database, so this runs at
-- each migration. Whoever connects for the service must be a member, to be able to become it.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('geo_partner'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'geo_partner') THEN
        CREATE ROLE geo_partner NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- made at the same moment for another database
END
$$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'geo_partner', 'MEMBER') THEN
        EXECUTE format('GRANT geo_partner TO %I', current_user);
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO geo_partner;
GRANT SELECT ON
    works, phases, claims, source_changes, renumberings, repairs, holds, conflicts, conflict_events, joint_projects, requests, alerts, subscriptions, deliveries, mails,
    organisations, owner_groups, owner_prefixes, buildings, pavement_sections, streets, ground,
    rules, parameters, certainties, reliabilities, calendars, city, recomputations, phase_digs, feed_epoch, fact_clock
TO geo_partner;
GRANT SELECT (works_id, source, first_seen_at, last_seen_at) ON source_records TO geo_partner;
GRANT SELECT (source, status, finished_at) ON imports TO geo_partner;
