-- Each row: works that are announced on ground that was laid anew, with the repair: the case that the desk puts to the owner.
SELECT c.id, c.version, w.source_id AS works, r.source_id AS repair
FROM conflicts c
JOIN repairs r ON r.id = c.repair_id AND r.status = 'done'
JOIN works w ON w.id = ANY(c.works_ids)
WHERE c.rule_id = 'wasted_repair' AND c.status IN ('open', 'acknowledged') AND NOT c.shadow
ORDER BY c.number, w.source_id
