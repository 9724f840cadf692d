-- Who holds the footpath renewals: live conflicts that hold, by the owner of the works.
SELECT o.name AS owner, w.source, count(DISTINCT c.repair_id) AS "renewals held", count(*) AS conflicts,
       count(*) FILTER (WHERE w.vanished_at IS NOT NULL) AS "by works that vanished"
FROM conflicts c
JOIN works w ON w.id = c.works_ids[1]
JOIN organisations o ON o.id = w.owner_id
WHERE c.blocking AND c.status NOT IN ('expired', 'withdrawn')
GROUP BY o.name, w.source
ORDER BY "renewals held" DESC, conflicts DESC, o.name
LIMIT 12
