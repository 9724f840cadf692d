-- What the cases of a list add up to: how many, the money at risk, and what opportunities save. A repair that lies in several cases is lost once,
-- so of each only its dearest conflict counts.
WITH
\ir cases_scored.sql
, once AS (
    SELECT scored.opportunity, max(paid.own_eur) AS eur
    FROM scored JOIN paid ON paid.case_id = scored.id
    GROUP BY scored.opportunity, coalesce(paid.repair_id, paid.id)
)
SELECT (SELECT count(*) FROM scored) AS cases, CAST(coalesce(round(CAST(sum(eur) FILTER (WHERE NOT opportunity) AS numeric), 2), 0) AS float8) AS at_risk_eur,
       CAST(coalesce(round(CAST(sum(eur) FILTER (WHERE opportunity) AS numeric), 2), 0) AS float8) AS saving_eur,
       (SELECT CAST(min(open_since) AS date) FROM scored) AS oldest_on
FROM once
