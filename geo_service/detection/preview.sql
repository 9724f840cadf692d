-- How what a changed rule finds (found_conflicts) differs from what is stored of it: pairs that would appear, disappear or change
-- severity, the worst first, each kind of change with its total.
-- Parameters: rule_id; in_shadow: what lies in the shadow counts as well; seen: what is found would be; at_most rows of each change.
WITH stored AS (
    SELECT c.*, (:in_shadow OR NOT c.shadow) AND
\ir ../store/conflict_is_live.sql
    AS live
    FROM conflicts c
    WHERE c.rule_id = :rule_id
), changed_rule_conflict AS (
    SELECT * FROM found_conflicts WHERE :seen AND rule_id = :rule_id
), pair AS (
    SELECT s.id, s.number, CASE WHEN s.live THEN s.status ELSE 'open' END AS status, s.created_at, s.updated_at,
           CASE WHEN f.rule_id IS NULL THEN 'disappear' WHEN s.live THEN 'change_severity' ELSE 'appear' END AS change,
           CASE WHEN s.live THEN s.severity END AS severity_before, f.severity AS severity_after,
           coalesce(f.rule_id, s.rule_id) AS rule_id, coalesce(f.rule_version, s.rule_version) AS rule_version,
           coalesce(f.severity, s.severity) AS severity, coalesce(f.opportunity, s.opportunity) AS opportunity,
           coalesce(f.blocking, s.blocking) AS blocking, coalesce(f.a, s.a) AS a, coalesce(f.b, s.b) AS b,
           coalesce(f.facts, s.facts) AS facts, ST_AsBinary(coalesce(f.geom, s.geom)) AS geom, a_origin_id, b_origin_id
    FROM stored s
    FULL JOIN changed_rule_conflict f USING (a_kind, a_origin_id, b_kind, b_origin_id)
    WHERE f.rule_id IS NOT NULL AND (NOT coalesce(s.live, false) OR f.severity <> s.severity) OR f.rule_id IS NULL AND s.live
), ranked AS (
    SELECT p.*, count(*) OVER (PARTITION BY change) AS total,
           row_number() OVER (PARTITION BY change
                              ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low', 'info'], severity),
                                       CAST(facts ->> 'cost_at_risk_eur' AS float8) DESC, a_origin_id, b_origin_id) AS place
    FROM pair p
)
SELECT * FROM ranked WHERE place <= :at_most ORDER BY change, place
