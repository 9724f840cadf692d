-- The place of the newest alert in the feed; 0 when there is none.
SELECT coalesce(max(seq), 0) AS seq FROM alerts
