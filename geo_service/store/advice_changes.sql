-- The last change of the advice on each of these repairs since a moment. What a repair was advised within an hour of its coming in is its first
-- advice: no change. Parameters: repair_ids, since.
SELECT DISTINCT ON (a.repair_id) a.repair_id, a.type, a.at, a.data
FROM alerts a
JOIN repairs r ON r.id = a.repair_id
WHERE a.repair_id = ANY(CAST(:repair_ids AS uuid[])) AND a.at >= :since
  AND a.type IN ('repair.held', 'repair.hold_moved', 'repair.released', 'advice.changed')
  AND a.at > r.created_at + interval '1 hour'
ORDER BY a.repair_id, a.seq DESC
