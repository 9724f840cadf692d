-- Defects in guaranteed trenches that nobody claimed yet: how many conflicts.
SELECT count(*) AS conflicts
FROM conflicts c
WHERE c.rule_id = 'guarantee_applies' AND NOT c.shadow AND c.status IN ('open', 'acknowledged')
  AND NOT EXISTS (SELECT FROM claim_files f WHERE f.conflict_id = c.id)
