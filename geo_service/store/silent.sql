-- Works whose start passed without any sign: they are still said to be planned, `late_after_days` or more after the day on which the first
-- phase that claims its ground should have begun, and their stated end is to come or less than a year ago (366 days). One row: works, their owner and these days.
SELECT w.id, w.owner_id, p.starts_on, p.ends_on
FROM works w
JOIN (SELECT works_id, min(stated_starts) AS starts_on, max(stated_ends) AS ends_on
      FROM claims WHERE kind IN ('opening', 'occupancy') GROUP BY works_id) p ON p.works_id = w.id
WHERE w.deleted_at IS NULL AND w.vanished_at IS NULL AND w.certainty IN ('planned', 'confirmed')
  AND p.starts_on <= CAST(:today AS date) - CAST(:late_after_days AS integer) AND p.ends_on > CAST(:today AS date) - 366
