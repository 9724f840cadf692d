-- The newest line of the conflicts' trail.
SELECT max(id) AS id FROM conflict_events
