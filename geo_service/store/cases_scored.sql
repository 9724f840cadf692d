-- Each row of `scored` is a case that the filters let through, with the parts of its score. Part of cases.sql and cases_totals.sql.
-- A case is open as long as one of its conflicts is; its score is that of its open conflicts together, or of all where none is open.
member AS (
\ir case_members.sql
), weighed AS (
    SELECT *, status IN ('open', 'acknowledged') OR NOT bool_or(status IN ('open', 'acknowledged')) OVER (PARTITION BY case_id) AS weighs
    FROM member
    WHERE (CAST(:status AS text) IS NULL OR status = :status) AND (CAST(:case_id AS uuid) IS NULL OR case_id = :case_id)
), paid AS (
    -- each repair once, at the conflict that costs it most: two rules that tell of it cost no more than one
    SELECT *, CASE WHEN weighs AND (repair_id IS NULL
                                    OR row_number() OVER (PARTITION BY case_id, repair_id ORDER BY weighs DESC, eur DESC, id) = 1)
                   THEN eur ELSE 0 END AS own_eur
    FROM weighed
), counted AS (
    SELECT case_id AS id, array_agg(id ORDER BY number) AS conflict_ids, array_agg(DISTINCT rule_id) AS rules,
           count(*) AS conflicts, count(*) FILTER (WHERE status IN ('open', 'acknowledged')) AS undecided,
           count(DISTINCT repair_id) AS repairs, bool_and(opportunity) AS opportunity, bool_or(blocking) AS blocking,
           round(CAST(sum(own_eur) AS numeric), 2) AS eur, min(decide_by) FILTER (WHERE weighs) AS decide_by,
           max(probability) FILTER (WHERE weighs) AS probability,
           max(CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END)
               FILTER (WHERE weighs) AS severity_rank,
           min(due_on) AS due_on, coalesce(bool_or(escalated), false) AS escalated, min(open_since) AS open_since,
           array_remove(array_agg(DISTINCT department), NULL) AS departments,
           array_remove(array_agg(DISTINCT person), NULL) AS persons, array_agg(DISTINCT status) AS statuses, bool_or(waits) AS waits,
           array_remove(array_agg(DISTINCT a ->> 'owner_group') || array_agg(DISTINCT b ->> 'owner_group'), NULL) AS owner_groups,
           string_agg(a ->> 'sides', ' ') || string_agg(b ->> 'sides', ' ') AS sides,
           ST_Centroid(ST_Collect(ST_Centroid(geom))) AS middle, ST_Collect(geom) AS ground
    FROM paid
    GROUP BY case_id
), placed AS (
    SELECT counted.*, ARRAY(SELECT DISTINCT side[1] FROM regexp_matches(sides, '"([^"/]+)/', 'g') side ORDER BY 1) AS streets FROM counted
), scored AS (
    SELECT placed.*, coalesce(due_on, decide_by) AS last_day,
           round(CAST(:money_points * least(1, log(1 + eur) / 4) AS numeric), 1) AS money,
           round(CAST(:time_points * greatest(0, 1 - (decide_by - CAST(:today AS date)) / CAST(:time_days AS float8)) AS numeric), 1) AS time,
           round(CAST(:certainty_points * probability AS numeric), 1) AS certainty,
           round(CAST(:severity_points * severity_rank / 4.0 AS numeric), 1) AS severity
    FROM placed
    WHERE (undecided > 0 OR NOT CAST(:undecided AS boolean)) AND (escalated OR NOT CAST(:escalated AS boolean)) AND (waits OR NOT CAST(:waits AS boolean))
      AND (CAST(:department AS text) IS NULL OR :department = ANY(departments)) AND (CAST(:person AS text) IS NULL OR :person = ANY(persons))
      AND (CAST(:opportunity AS boolean) IS NULL OR opportunity = :opportunity) AND (CAST(:rule AS text) IS NULL OR :rule = ANY(rules))
      AND (CAST(:owner AS text) IS NULL OR owner_groups && ARRAY(
               SELECT g.id FROM owner_groups g LEFT JOIN organisations o ON o.owner_group_id = g.id
               WHERE lower(btrim(:owner)) IN (lower(g.id), lower(g.name), lower(o.name), CAST(o.id AS text))))
      AND (CAST(:street AS text) IS NULL OR EXISTS (SELECT FROM unnest(streets) AS street WHERE lower(street) = lower(:street)))
      AND (CAST(:last_day AS date) IS NULL OR coalesce(due_on, decide_by) <= :last_day)
      AND (CAST(:opened_from AS date) IS NULL OR open_since >= :opened_from) AND (CAST(:opened_until AS date) IS NULL OR open_since <= :opened_until)
      AND (CAST(:desk AS jsonb) IS NULL OR (CAST(:desk AS jsonb) ->> 'department') = ANY(departments) OR (CAST(:desk AS jsonb) ->> 'person') = ANY(persons)
           OR (CAST(CAST(:desk AS jsonb) ->> 'decides' AS boolean) AND departments = '{}' AND persons = '{}')
           OR (CAST(CAST(:desk AS jsonb) ->> 'escalations' AS boolean) AND escalated))
)
