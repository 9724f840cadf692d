-- Each source that ever came in: its last good import, the newest failed one if nothing went well since, and what its last sweep no longer
-- showed and nobody confirmed.
SELECT good.source, good.finished_at, good.report, bad.finished_at AS failed_at, bad.report AS failure, feeds.shrunk
FROM (
    SELECT DISTINCT ON (source) source, finished_at, report FROM imports WHERE status = 'done' ORDER BY source, finished_at DESC
) good
LEFT JOIN LATERAL (
    SELECT i.finished_at, i.report FROM imports i
    WHERE i.source = good.source AND i.status = 'failed' AND i.finished_at > good.finished_at
    ORDER BY i.finished_at DESC LIMIT 1
) bad ON true
LEFT JOIN feeds ON feeds.source = good.source
ORDER BY good.source
