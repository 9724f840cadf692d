-- What a rule comes to, before and after its change: conflicts, those that hold a repair, and the money at risk. A surface is lost once:
-- a repair counts with its dearest conflict.
-- Parameters as in preview.sql.
WITH each AS (
    SELECT 'before' AS side, blocking, repair_id, CAST(facts ->> 'cost_at_risk_eur' AS numeric) AS cost_eur
    FROM conflicts c
    WHERE rule_id = :rule_id AND (:in_shadow OR NOT shadow) AND
\ir ../store/conflict_is_live.sql
    UNION ALL
    SELECT 'after', blocking, repair_id, CAST(facts ->> 'cost_at_risk_eur' AS numeric) FROM found_conflicts WHERE :seen AND rule_id = :rule_id
), per_repair AS (
    SELECT side, count(*) AS conflicts, count(*) FILTER (WHERE blocking) AS blocking, max(cost_eur) AS dearest_eur
    FROM each GROUP BY side, repair_id
)
SELECT side, CAST(sum(conflicts) AS integer) AS conflicts, CAST(sum(blocking) AS integer) AS blocking,
       CAST(sum(dearest_eur) AS float8) AS cost_at_risk_eur
FROM per_repair GROUP BY side
