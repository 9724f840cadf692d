-- Two claims whose kinds a rule forbids to meet (or, for an opportunity, wishes to), close together, in the same days.
--
-- One statement serves three runs: all claims (:everything), the claims of some works, repairs, buildings and streets,
-- and a what-if (:what_if holds claims that are not stored). The steps, and what one row of each is:
--   subject          a claim that the run looks around
--   rule             a rule in force
--   side             a rule, seen from one of its two sides
--   reach            a kind of claim, and how far and how many days around it the rules reach
--   near             a subject and another claim within that reach                          detect_near.sql
--   pair             a near pair that meets one rule, as sides a and b of it                detect_pair.sql
--   pair_in_group    a pair between two groups that have more than one pair
--   dig              a dig on a side b, for rules that count digs
--   meeting          two groups that meet under one rule, from one or more pairs            detect_meeting.sql
--   measure          a meeting with its distance, common ground, days and probability       detect_measure.sql
--   shared_ground    a measured meeting with the ground that one job could serve            detect_shared_ground.sql
--   loss             the same with the share of the repair that is lost                     detect_loss.sql
--   money            the same with euro at risk and euro saved                              detect_money.sql
--   rating           the same with its severity                                             detect_rating.sql
--   conflict_row     a conflict as it is stored                                             conflict_row.sql
--   conflict_rules   the same with the ids of all rules that found its two groups
-- From rule to pair they stand in detect_search.sql, which analysis/pairs.sql takes too.
-- A group is what counts as one: a dig of several records, a building in all its terms. Whoever runs this looks around
-- all parts of a group. A claim travels as one value: (own), (other), later (a), (b).
-- PERF: `OFFSET 0` keeps the planner from merging two steps, so the rules stay behind the spatial index probe and
-- nothing is computed twice.
-- PERF: NOT MATERIALIZED, as parallel workers can read a table but not the kept result of a step.
-- Parameters: everything, works_ids, repair_ids, building_ids, street_ids, what_if, today, layers_after, layers_closing, and those of
-- domain/parameters.py.
WITH subject AS (
    SELECT c AS own FROM claims c
    WHERE CAST(:what_if AS jsonb) IS NULL
      AND (:everything
           OR c.works_id = ANY(CAST(:works_ids AS uuid[]))
           OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
           OR c.building_id = ANY(CAST(:building_ids AS uuid[]))
           OR c.street_id = ANY(CAST(:street_ids AS uuid[])))
    UNION ALL
    SELECT w FROM jsonb_populate_recordset(CAST(NULL AS claims), CAST(:what_if AS jsonb)) w
),
\ir detect_search.sql
, pair_in_group AS (
    SELECT n FROM (
        SELECT n, count(*) OVER (PARTITION BY rule_id, a_kind, a_group_id, b_kind, b_group_id) AS pairs
        FROM (SELECT n, rule_id, (a).kind AS a_kind, (a).group_id AS a_group_id,
                     (b).kind AS b_kind, (b).group_id AS b_group_id
              FROM pair WHERE least_count IS NULL OFFSET 0) narrow
    ) numbered
    WHERE pairs > 1
), dig AS (
    -- each dig once, from the day its first part begins; late works, which claim twice, by their opening
    SELECT DISTINCT ON (rule_id, (b).group_id, (a).group_id) pair.*, (a).stated_starts AS begins
    FROM pair WHERE least_count IS NOT NULL
    ORDER BY rule_id, (b).group_id, (a).group_id, (a).stated_starts, (a).kind = 'guarantee', (a).origin_id
), meeting AS (
\ir detect_meeting.sql
), measure AS (
\ir detect_measure.sql
), shared_ground AS (
\ir detect_shared_ground.sql
), loss AS (
\ir detect_loss.sql
), money AS (
\ir detect_money.sql
), rating AS (
\ir detect_rating.sql
), conflict_row AS (
\ir conflict_row.sql
), conflict_rules AS (
    -- PERF: a window, as a join of all conflicts with all conflicts would take the square of their number; this late,
    -- as rows are narrow here.
    SELECT c.*, array_agg(rule_id) FILTER (WHERE NOT shadow) OVER (PARTITION BY a_origin_id, b_origin_id) AS rules_here
    FROM conflict_row c
)
SELECT rule_id, rule_version, shadow, opportunity, departments, severity, blocking, a_kind, a_origin_id, b_kind,
       b_origin_id, a, b, works_ids, repair_id, building_id, street_id, over_on, facts, geom
FROM conflict_rules
WHERE NOT coalesce(yields_to && rules_here, false)
