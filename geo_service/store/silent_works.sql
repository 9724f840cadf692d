-- Works whose start passed without any sign: they are still said to be planned, `late_after_days` or more after the day on which the first
-- phase that claims its ground should have begun, and have not ended by their own dates. The longest silent first. `heard_at` is when their source last showed them.
SELECT w.id, w.source, w.source_id, o.name AS owner, o.owner_group_id AS owner_group, w.title, w.certainty, p.starts_on, p.ends_on,
       CAST(:today AS date) - p.starts_on AS days,
       (SELECT max(r.last_seen_at) FROM source_records r WHERE r.works_id = w.id) AS heard_at,
       CAST(count(*) OVER () AS integer) AS total
FROM works w
JOIN organisations o ON o.id = w.owner_id
JOIN (SELECT works_id, min(stated_starts) AS starts_on, max(stated_ends) AS ends_on
      FROM claims WHERE kind IN ('opening', 'occupancy') GROUP BY works_id) p ON p.works_id = w.id
WHERE w.deleted_at IS NULL AND w.vanished_at IS NULL AND w.certainty IN ('planned', 'confirmed')
  AND p.starts_on <= CAST(:today AS date) - CAST(:late_after_days AS integer) AND p.ends_on > CAST(:today AS date) - 366
ORDER BY p.starts_on, w.id
LIMIT :at_most
