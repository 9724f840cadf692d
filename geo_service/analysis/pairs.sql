-- Every two claims that one rule lets meet, each claim by itself, with the figures that follow from these two claims alone.
--
-- The search and the measures are those of detect.sql, file for file. What becomes of the pairs there (groups that count as one, ground,
-- money, severity, the verdict) needs the tables of a city, and stays there.
-- PostGIS runs this text; dialects.py derives from it what SedonaDB runs.
-- Parameters: everything (true), works_ids, repair_ids, building_ids, what_if (null), today, unsure_clearance_m.
WITH subject AS (
    SELECT c AS own FROM claims c
),
\ir ../detection/detect_search.sql
, meeting AS (
    SELECT pair.*, (a).geom AS a_geom, (b).geom AS b_geom, (a).starts AS a_starts, (a).ends AS a_ends,
           (b).starts AS b_starts, (b).ends AS b_ends, (a).probability AS a_probability, (b).probability AS b_probability
    FROM pair
), measure AS (
\ir ../detection/detect_measure.sql
)
SELECT rule_id, rule_version,
       (a).kind AS a_kind, (a).origin_id AS a_origin_id, (a).group_id AS a_group_id, (a).owner_group_id AS a_owner,
       (b).kind AS b_kind, (b).origin_id AS b_origin_id, (b).group_id AS b_group_id, (b).owner_group_id AS b_owner,
       a_starts, b_starts, distance_m, overlap_m2, a_m2, b_m2, gap_days, greatest(0, shared_days) AS overlap_days, probability
FROM measure
