-- Holds that were carried out: conflicts of this repair that held it, whose works are finished now, and which nobody overruled. What ignoring
-- them would have cost is kept in their trail. Parameters: repair_id.
INSERT INTO conflict_events (conflict_id, kind, actor, details)
SELECT c.id, 'avoided', 'detection', jsonb_build_object('avoided_cost_eur', c.facts -> 'cost_at_risk_eur', 'facts', c.facts)
FROM conflicts c
WHERE c.repair_id = :repair_id AND c.rule_id = 'wasted_repair' AND c.blocking AND NOT c.shadow AND c.status IN ('expired', 'withdrawn')
  AND EXISTS (SELECT FROM works w WHERE w.id = ANY(c.works_ids) AND w.certainty = 'done')
  AND NOT EXISTS (SELECT FROM conflict_events e WHERE e.conflict_id = c.id AND e.kind IN ('accepted_risk', 'avoided'))
