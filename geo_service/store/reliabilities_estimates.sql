-- What the observed changes say of the dates that were stated: per owner group and certainty, and for all owners together (owner_group_id null).
-- One observation is one works under one certainty, with its first to last day as they were stated when it came to that certainty.
--   early: days that it was seen in progress before its stated start.
--   late: days that its end moved past the stated one, or that it was still seen in progress after it; once it is over, or that end is past.
--   begun: seen in progress or done; not begun: cancelled, or its period passed under the eyes of the source and nothing was seen.
-- A permit that narrows a possible window (later start, earlier end) is neither early nor late. Both are what was surely seen: a source that is
-- read once a week shows a start up to six days late, and that counts for nothing here.
-- Only sources that say when works are in progress teach anything. Parameters: slack_share.
WITH looked AS (
    -- days on which a source told of any change: what it showed in between stayed as it was
    SELECT DISTINCT w.source, s.observed_on AS day FROM source_changes s JOIN works w ON w.id = s.works_id
), telling AS (
    SELECT DISTINCT w.source FROM source_changes s JOIN works w ON w.id = s.works_id
    WHERE s.field = 'certainty' AND s.new_value = 'in_progress'
), observed_works AS (
    SELECT w.id, w.source, w.certainty AS last_certainty, w.vanished_at IS NOT NULL AS vanished, o.owner_group_id,
           change.begun_on, w.certainty IN ('in_progress', 'done') OR change.ever_begun AS begun,
           CASE WHEN w.certainty IN ('done', 'cancelled') THEN change.certain_on WHEN w.vanished_at IS NOT NULL THEN change.vanished_on END AS ended_on,
           coalesce(change.first_certainty, w.certainty) AS first_certainty
    FROM works w
    JOIN telling USING (source)
    JOIN organisations o ON o.id = w.owner_id
    CROSS JOIN LATERAL (
        SELECT min(s.observed_on) FILTER (WHERE s.new_value IN ('in_progress', 'done')) AS begun_on,
               coalesce(bool_or('in_progress' IN (s.old_value, s.new_value) OR 'done' IN (s.old_value, s.new_value)), false) AS ever_begun,
               max(s.observed_on) FILTER (WHERE s.field = 'certainty') AS certain_on,
               max(s.observed_on) FILTER (WHERE s.field = 'vanished' AND s.new_value IS NOT NULL) AS vanished_on,
               (array_agg(s.old_value ORDER BY s.observed_on, s.observed_at, s.id) FILTER (WHERE s.field = 'certainty'))[1] AS first_certainty
        FROM source_changes s
        WHERE s.works_id = w.id AND s.field IN ('certainty', 'vanished')
    ) change
    WHERE w.deleted_at IS NULL
), entered AS (
    SELECT DISTINCT ON (works_id, certainty) works_id, certainty, since_on, since_at
    FROM (
        SELECT id AS works_id, first_certainty AS certainty, CAST('-infinity' AS date) AS since_on, CAST('-infinity' AS timestamptz) AS since_at
        FROM observed_works
        UNION ALL
        SELECT s.works_id, s.new_value, s.observed_on, s.observed_at
        FROM source_changes s JOIN observed_works k ON k.id = s.works_id
        WHERE s.field = 'certainty'
    ) came
    WHERE certainty IN ('indicative', 'planned', 'confirmed', 'in_progress')
    ORDER BY works_id, certainty, since_on, since_at
), stated AS (
    -- the days as they stood then: what the first later change says that they were before
    SELECT e.works_id, e.certainty, min(lower(p.during)) AS now_starts, max(upper(p.during)) AS now_ends,
           min(coalesce(moved.starts, lower(p.during))) AS starts, max(coalesce(moved.ends, upper(p.during))) AS ends
    FROM entered e
    JOIN phases p ON p.works_id = e.works_id AND NOT p.done
    CROSS JOIN LATERAL (
        SELECT CAST((array_agg(s.old_value ORDER BY s.observed_on, s.observed_at, s.id) FILTER (WHERE s.field = 'starts_on'))[1] AS date) AS starts,
               CAST((array_agg(s.old_value ORDER BY s.observed_on, s.observed_at, s.id) FILTER (WHERE s.field = 'ends_on'))[1] AS date) AS ends
        FROM source_changes s
        WHERE s.works_id = e.works_id AND s.phase_key = p.source_key AND s.field IN ('starts_on', 'ends_on')
          AND (s.observed_on, s.observed_at) > (e.since_on, e.since_at)
    ) moved
    GROUP BY e.works_id, e.certainty
), watched AS (
    SELECT s.*, k.owner_group_id, k.last_certainty, k.vanished, k.begun, k.begun_on, k.ended_on, looks.first_on, looks.last_on, looks.last_shown_on,
           looks.within
    FROM stated s
    JOIN observed_works k ON k.id = s.works_id
    CROSS JOIN LATERAL (
        SELECT min(l.day) AS first_on, max(l.day) AS last_on,
               max(l.day) FILTER (WHERE l.day < coalesce(k.ended_on, 'infinity')) AS last_shown_on,
               coalesce(bool_or(l.day >= s.now_starts AND l.day < least(s.now_ends, coalesce(k.ended_on, 'infinity'))), false) AS within
        FROM looked l WHERE l.source = k.source
    ) looks
), observed AS (
    SELECT owner_group_id, certainty, first_on, last_on,
           CASE WHEN certainty <> 'in_progress' AND begun_on IS NOT NULL THEN greatest(0, starts - begun_on) END AS early,
           CASE WHEN begun AND last_certainty <> 'cancelled' AND (ended_on IS NOT NULL OR ends <= last_on)
                THEN greatest(0, now_ends - ends, last_shown_on + 1 - ends) END AS late,
           CASE WHEN certainty = 'in_progress' THEN NULL
                WHEN begun THEN 1
                WHEN last_certainty = 'cancelled' THEN 0
                WHEN within AND now_ends <= CASE WHEN vanished THEN ended_on ELSE last_on END THEN 0 END AS opened
    FROM watched
)
SELECT owner_group_id, certainty, count(*) FILTER (WHERE num_nonnulls(early, late, opened) > 0) AS works,
       count(early) AS before_works, percentile_disc(CAST(:slack_share AS float8)) WITHIN GROUP (ORDER BY early) AS before_days,
       count(late) AS after_works, percentile_disc(CAST(:slack_share AS float8)) WITHIN GROUP (ORDER BY late) AS after_days,
       count(opened) AS opened_works, CAST(avg(opened) AS float8) AS opened_share, min(first_on) AS first_on, max(last_on) AS last_on
FROM observed
GROUP BY GROUPING SETS ((owner_group_id, certainty), (certainty))
HAVING count(*) FILTER (WHERE num_nonnulls(early, late, opened) > 0) > 0
ORDER BY owner_group_id NULLS FIRST, certainty
