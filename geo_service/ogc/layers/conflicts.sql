-- Conflicts and opportunities. One feature: a conflict that is not gone, as the ground where its two sides meet.
SELECT ST_AsMVT(t, 'conflicts', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.id AS text) AS id, c.number, c.rule_id AS rule, c.severity, c.opportunity, c.status, c.blocking,
           CAST(c.facts ->> 'overlap_m2' AS float8) AS overlap_m2, CAST(c.facts ->> 'cost_at_risk_eur' AS float8) AS cost_at_risk_eur,
           far.geom
    FROM conflicts c CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT c.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE c.geom && box.lambert AND
\ir ../../store/conflict_is_live.sql
    AND
\ir ../../store/visible_conflicts.sql
    ) t
