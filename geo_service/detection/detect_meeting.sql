    -- One row: two groups that meet under one rule. Part of detect.sql.
    -- 1. Groups with one pair between them, which are most.
    -- PERF: they go on as they are, as wide rows are slow to sort and to hash.
    SELECT rule_id, rule_version, shadow, fixed_severity, may_block, opportunity, departments,
           min_overlap_share, mirrored, least_count, window_days, yields_to, reach_m,
           (a).kind AS a_kind, (a).group_id AS a_group_id, (b).kind AS b_kind, (b).group_id AS b_group_id,
           a, b, (a).geom AS a_geom, (b).geom AS b_geom,
           (a).starts AS a_starts, (a).ends AS a_ends,
           (a).stated_starts AS a_stated_starts, (a).stated_ends AS a_stated_ends,
           (b).starts AS b_starts, (b).ends AS b_ends,
           (b).stated_starts AS b_stated_starts, (b).stated_ends AS b_stated_ends,
           (a).probability AS a_probability, (b).probability AS b_probability,
           (a).umbrella AS a_umbrella, (b).umbrella AS b_umbrella, (a).overdue AS a_overdue, (b).overdue AS b_overdue,
           (b).firm AND (b).starts <= CAST(:today AS date) + CAST(:hold_look_ahead_days AS integer) AS b_holds,
           array_remove(ARRAY[(a).works_id], NULL) AS a_works_ids,
           array_remove(ARRAY[(b).works_id], NULL) AS b_works_ids,
           array_remove(ARRAY[(b).layer], NULL) AS b_layers, CAST(NULL AS bigint) AS digs
    FROM pair
    WHERE least_count IS NULL AND (n IN (SELECT n FROM pair_in_group)) IS NOT TRUE
    UNION ALL
    -- 2. Groups with several pairs between them.
    SELECT rule_id, rule_version, shadow, fixed_severity, may_block, opportunity, departments,
           min_overlap_share, mirrored, least_count, window_days, yields_to, max(reach_m),
           (a).kind, (a).group_id, (b).kind, (b).group_id,
           (array_agg(a ORDER BY (a).starts, (a).origin_id))[1], (array_agg(b ORDER BY (b).starts, (b).origin_id))[1],
           -- PERF: only one claim has the name of its group. Where all have it, they are the same claim, and no union
           -- is needed.
           CASE WHEN bool_and((a).origin_id = (a).group_id) THEN (array_agg((a).geom))[1]
                ELSE ST_Union(array_agg(DISTINCT (a).geom)) END,
           CASE WHEN bool_and((b).origin_id = (b).group_id) THEN (array_agg((b).geom))[1]
                ELSE ST_Union(array_agg(DISTINCT (b).geom)) END,
           min((a).starts), max((a).ends), min((a).stated_starts), max((a).stated_ends),
           min((b).starts), max((b).ends), min((b).stated_starts), max((b).stated_ends),
           max((a).probability), max((b).probability),
           bool_and((a).umbrella), bool_and((b).umbrella), bool_or((a).overdue), bool_or((b).overdue),
           bool_or((b).firm AND (b).starts <= CAST(:today AS date) + CAST(:hold_look_ahead_days AS integer)),
           array_remove(array_agg(DISTINCT (a).works_id), NULL),
           array_remove(array_agg(DISTINCT (b).works_id), NULL),
           array_remove(array_agg(DISTINCT (b).layer), NULL), NULL
    FROM pair
    -- PERF: IS TRUE makes PostgreSQL look n up in a hash table instead of joining wide rows.
    WHERE least_count IS NULL AND (n IN (SELECT n FROM pair_in_group)) IS TRUE
    GROUP BY rule_id, rule_version, shadow, fixed_severity, may_block, opportunity, departments,
             min_overlap_share, mirrored, least_count, window_days, yields_to,
             (a).kind, (a).group_id, (b).kind, (b).group_id
    UNION ALL
    -- 3. Rules that count: the most digs on one b that begin within the window, at least one not over yet, as one row.
    SELECT rule_id, rule_version, shadow, fixed_severity, may_block, opportunity, departments,
           min_overlap_share, mirrored, least_count, window_days, yields_to, max(reach_m),
           (b).kind, (b).group_id, (b).kind, (b).group_id,
           (array_agg(a ORDER BY begins, (a).group_id))[1], (array_agg(b))[1],
           ST_Union((a).geom), (array_agg((b).geom))[1],
           min((a).starts), max((a).ends), min((a).stated_starts), max((a).stated_ends),
           min((b).starts), max((b).ends), NULL, NULL,
           max((a).probability), 1, bool_and((a).umbrella), false, bool_or((a).overdue), false, false,
           array_agg(DISTINCT (a).works_id), '{}', '{}', count(*)
    FROM (
        SELECT d.*, first_value(begins) OVER busiest AS window_from, first_value(digs) OVER busiest AS most,
               first_value(live) OVER busiest AS any_live
        FROM (
            SELECT d.*, begun.digs, begun.live
            FROM (
                -- PERF: all digs of one b in an array, as a join of digs with digs takes the square of their number
                SELECT dig.*, array_agg(begins) OVER of_b AS all_begin,
                       array_agg((a).kind <> 'guarantee') OVER of_b AS all_live
                FROM dig WINDOW of_b AS (PARTITION BY rule_id, (b).group_id)
            ) d
            CROSS JOIN LATERAL (
                SELECT count(*) AS digs, bool_or(e.live) AS live
                FROM unnest(d.all_begin, d.all_live) e (begins, live)
                WHERE e.begins >= d.begins AND e.begins < d.begins + d.window_days
            ) begun
        ) d
        WINDOW busiest AS (PARTITION BY rule_id, (b).group_id ORDER BY live DESC, digs DESC, begins)
    ) window_of_b
    WHERE any_live AND most >= least_count AND begins >= window_from AND begins < window_from + window_days
    GROUP BY rule_id, rule_version, shadow, fixed_severity, may_block, opportunity, departments,
             min_overlap_share, mirrored, least_count, window_days, yields_to, (b).kind, (b).group_id
