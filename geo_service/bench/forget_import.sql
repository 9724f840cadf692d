-- Take out the works that a measurement imported, with all that followed.
CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT id FROM works WHERE source = 'bench-import';
CREATE TEMP TABLE gone_conflict ON COMMIT DROP AS SELECT c.id FROM conflicts c WHERE c.works_ids && (SELECT array_agg(id) FROM gone);
DELETE FROM alerts WHERE conflict_id IN (SELECT id FROM gone_conflict);
-- the trail is append-only: only its owner can take away what nobody did
ALTER TABLE conflict_events DISABLE TRIGGER conflict_events_append_only;
DELETE FROM conflict_events WHERE conflict_id IN (SELECT id FROM gone_conflict);
ALTER TABLE conflict_events ENABLE TRIGGER conflict_events_append_only;
DELETE FROM conflicts WHERE id IN (SELECT id FROM gone_conflict);
DELETE FROM claims WHERE works_id IN (SELECT id FROM gone);
DELETE FROM source_changes WHERE works_id IN (SELECT id FROM gone);
DELETE FROM source_records WHERE source = 'bench-import';
DELETE FROM phase_digs WHERE works_id IN (SELECT id FROM gone);
DELETE FROM phases WHERE works_id IN (SELECT id FROM gone);
DELETE FROM works WHERE id IN (SELECT id FROM gone);
TRUNCATE bench_copy;
