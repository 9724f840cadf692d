-- What works that are not finished claim, with the name of the works and of its owner.
SELECT c.origin_id, c.group_id, c.works_id, c.kind, c.owner_group_id, c.starts, c.ends, c.stated_starts, c.stated_ends, c.certainty, c.umbrella,
       c.overdue, w.source, w.source_id, o.name AS owner, w.title, c.geom
FROM claims c
JOIN works w ON w.id = c.works_id
JOIN organisations o ON o.id = w.owner_id
WHERE c.kind IN ('opening', 'occupancy')
ORDER BY w.source, w.source_id, c.origin_id
