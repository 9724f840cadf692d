-- PERF: after a day of large imports the planner knows nothing of them yet, and would read all changes once for each works.
ANALYZE works, phases, source_changes
