-- Take out the repairs that a measurement saved, with all that followed.
DELETE FROM alerts WHERE repair_id IN (SELECT id FROM repairs WHERE description = 'bench')
   OR conflict_id IN (SELECT c.id FROM conflicts c JOIN repairs r ON r.id = c.repair_id WHERE r.description = 'bench');
-- the trail is append-only: only its owner can take away what nobody did
ALTER TABLE conflict_events DISABLE TRIGGER conflict_events_append_only;
DELETE FROM conflict_events WHERE conflict_id IN (SELECT c.id FROM conflicts c JOIN repairs r ON r.id = c.repair_id WHERE r.description = 'bench');
ALTER TABLE conflict_events ENABLE TRIGGER conflict_events_append_only;
DELETE FROM conflicts WHERE repair_id IN (SELECT id FROM repairs WHERE description = 'bench');
DELETE FROM claims WHERE repair_id IN (SELECT id FROM repairs WHERE description = 'bench');
DELETE FROM repairs WHERE description = 'bench'
