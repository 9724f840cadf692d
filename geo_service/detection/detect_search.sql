-- How the claims of `subject` meet others: from the rules in force to `pair`. The steps of detect.sql that need claims and rules alone,
-- so that analysis/pairs.sql takes them too, also for engines without our tables.
rule AS NOT MATERIALIZED (
    SELECT * FROM (SELECT DISTINCT ON (id) * FROM rules ORDER BY id, version DESC) newest WHERE state <> 'retired'
), side AS NOT MATERIALIZED (
    -- PERF: where all claims look around, one side is enough. A rule that counts is seen from b, and b finds its digs.
    SELECT r.*, kinds_a AS own_kinds, kinds_b AS other_kinds, true AS own_is_a,
           before_days AS reach_before, after_days AS reach_after
    FROM rule r WHERE least_count IS NULL
    UNION ALL
    SELECT r.*, kinds_b AS own_kinds, kinds_a AS other_kinds, false AS own_is_a,
           after_days AS reach_before, before_days AS reach_after
    FROM rule r WHERE NOT :everything OR least_count IS NOT NULL
), reach AS NOT MATERIALIZED (
    SELECT own_kind, array_agg(other_kind) AS other_kinds, max(clearance_m) AS clearance_m,
           max(reach_before) AS before_days, max(reach_after) AS after_days
    FROM side, unnest(own_kinds) own_kind, unnest(other_kinds) other_kind
    GROUP BY own_kind
), near AS (
\ir detect_near.sql
), pair AS (
\ir detect_pair.sql
)
