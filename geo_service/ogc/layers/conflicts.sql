-- Conflicts and opportunities. One feature: a conflict that is not gone, as the ground where its two sides meet.
SELECT ST_AsMVT(t, 'conflicts', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.id AS text) AS id, c.number, c.rule_id AS rule, c.severity, c.opportunity, c.status, c.blocking,
           CAST(c.facts ->> 'overlap_m2' AS float8) AS overlap_m2, CAST(c.facts ->> 'cost_at_risk_eur' AS float8) AS cost_at_risk_eur,
           least(c.a ->> 'stated_starts_on', c.b ->> 'stated_starts_on') AS starts_on, greatest(c.a ->> 'stated_ends_on', c.b ->> 'stated_ends_on') AS ends_on,
           far.geom
    FROM conflicts c CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT c.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE c.geom && box.lambert AND (box.department IS NULL OR c.id IN (SELECT f.id FROM followed f))
        AND (box.days = '(,)' OR box.days &&
\ir ../../store/conflict_days.sql
        )
        AND (box.owner IS NULL OR EXISTS (
            SELECT 1 FROM owner_groups g LEFT JOIN organisations o ON o.owner_group_id = g.id
            WHERE g.id IN (c.a ->> 'owner_group', c.b ->> 'owner_group') AND box.owner IN (lower(g.id), lower(g.name), lower(o.name), CAST(o.id AS text))))
        AND
\ir ../../store/conflict_is_live.sql
    AND
\ir ../../store/visible_conflicts.sql
    ) t
