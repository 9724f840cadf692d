-- Each source that ever came in or was tried: its first attempt, its last good import (null: none), the newest failed one if nothing went well
-- since, and what its last sweep no longer showed and nobody confirmed.
WITH ended AS (
    -- What ended in the future ended while a clock was ahead, nobody knows when: it counts as the oldest, or it would hide all that is true until then.
    SELECT source, status, started_at, finished_at, report,
           CASE WHEN finished_at > :soon THEN finished_at - interval '1000 years' ELSE finished_at END AS at
    FROM imports WHERE status IN ('done', 'failed')
),
tried AS (SELECT source, min(started_at) AS first_at FROM ended GROUP BY source),
good AS (SELECT DISTINCT ON (source) * FROM ended WHERE status = 'done' ORDER BY source, at DESC),
bad AS (SELECT DISTINCT ON (source) * FROM ended WHERE status = 'failed' ORDER BY source, at DESC)
SELECT tried.source, tried.first_at, good.finished_at, good.report, bad.finished_at AS failed_at, bad.report AS failure, feeds.shrunk
FROM tried
LEFT JOIN good ON good.source = tried.source
LEFT JOIN bad ON bad.source = tried.source AND (good.at IS NULL OR bad.at > good.at)
LEFT JOIN feeds ON feeds.source = tried.source
ORDER BY tried.source
