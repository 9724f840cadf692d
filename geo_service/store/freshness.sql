-- Each source that ever came in or was tried: its first attempt, its last good import (null: none), the newest failed one if nothing went well
-- since, and what its last sweep no longer showed and nobody confirmed.
SELECT tried.source, tried.first_at, good.finished_at, good.report, bad.finished_at AS failed_at, bad.report AS failure, feeds.shrunk
FROM (
    SELECT source, min(started_at) AS first_at FROM imports WHERE status IN ('done', 'failed') GROUP BY source
) tried
LEFT JOIN LATERAL (
    SELECT i.finished_at, i.report FROM imports i
    WHERE i.source = tried.source AND i.status = 'done'
    ORDER BY i.finished_at DESC LIMIT 1
) good ON true
LEFT JOIN LATERAL (
    SELECT i.finished_at, i.report FROM imports i
    WHERE i.source = tried.source AND i.status = 'failed' AND (good.finished_at IS NULL OR i.finished_at > good.finished_at)
    ORDER BY i.finished_at DESC LIMIT 1
) bad ON true
LEFT JOIN feeds ON feeds.source = tried.source
ORDER BY tried.source
