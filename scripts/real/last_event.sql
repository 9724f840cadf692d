-- The newest line of the conflicts' trail.
SELECT max(id) FROM conflict_events
