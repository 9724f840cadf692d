-- Write the phases that are new or changed; a phase keeps its id, so that its claims and conflicts do too.
INSERT INTO phases (id, works_id, source_key, geom, during, opens_surface, surfaces, done, done_on)
SELECT id, works_id, source_key, geom, during, opens_surface, surfaces, done, CASE WHEN done THEN CAST(:observed_on AS date) END
FROM incoming_phases
WHERE fate IN ('new', 'changed')
ORDER BY n, source_key
ON CONFLICT (id) DO UPDATE SET
    source_key = excluded.source_key, geom = excluded.geom, during = excluded.during, opens_surface = excluded.opens_surface,
    surfaces = excluded.surfaces, done = excluded.done, done_on = CASE WHEN excluded.done THEN coalesce(phases.done_on, excluded.done_on) END
