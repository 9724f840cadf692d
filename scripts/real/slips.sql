-- Owners whose dates were seen to move most, of works that are known for at least two weeks. A start moves also when a permit narrows the possible
-- window; an end that moves later while the works run is the plainest slip.
WITH moved AS (
    SELECT w.owner_id, c.works_id, c.field, CAST(c.new_value AS date) - CAST(c.old_value AS date) AS days
    FROM source_changes c
    JOIN works w ON w.id = c.works_id
    WHERE c.field IN ('starts_on', 'ends_on') AND w.source = 'osiris'
)
SELECT o.name AS owner, (SELECT count(*) FROM works w WHERE w.owner_id = o.id AND w.source = 'osiris') AS works,
       count(DISTINCT m.works_id) AS "works that moved", count(*) AS observations,
       count(*) FILTER (WHERE field = 'starts_on' AND days > 0) AS "start later", count(*) FILTER (WHERE field = 'starts_on' AND days < 0) AS "start earlier",
       count(*) FILTER (WHERE field = 'ends_on' AND days > 0) AS "end later", count(*) FILTER (WHERE field = 'ends_on' AND days < 0) AS "end earlier",
       percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE field = 'ends_on' AND days > 0) AS "median days later"
FROM moved m
JOIN organisations o ON o.id = m.owner_id
GROUP BY o.id, o.name
ORDER BY observations DESC, o.name
LIMIT 10
