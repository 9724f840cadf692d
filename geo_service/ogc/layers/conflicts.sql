-- Conflicts and opportunities. One feature: an active conflict, as the ground where its two sides meet.
SELECT ST_AsMVT(t, 'conflicts', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.id AS text) AS id, c.number, c.rule_id AS rule, c.severity, c.opportunity, c.status, c.blocking,
           CAST(c.facts ->> 'overlap_m2' AS float8) AS overlap_m2, CAST(c.facts ->> 'cost_at_risk_eur' AS float8) AS cost_at_risk_eur,
           far.geom
    FROM conflicts c CROSS JOIN box
    CROSS JOIN LATERAL (SELECT c.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE NOT c.shadow AND c.geom && box.lambert AND
\ir ../../store/conflict_is_live.sql
      AND (CAST(:party AS text) IS NULL OR CAST(:party AS text) IN (c.a ->> 'owner_group', c.b ->> 'owner_group'))) t
