-- Requests to utilities that were asked between two days, by utility: how many, and what became of them until now.
SELECT g.name AS owner, count(*) AS asked, count(*) FILTER (WHERE q.state IN ('yes', 'done')) AS yes, count(*) FILTER (WHERE q.state = 'no') AS no,
       count(*) FILTER (WHERE q.state IN ('asked', 'no_answer')) AS waiting,
       count(*) FILTER (WHERE q.state = 'withdrawn') AS withdrawn
FROM requests q JOIN owner_groups g ON g.id = q.owner_group_id
WHERE CAST(q.created_at AT TIME ZONE CAST(:time_zone AS text) AS date) >= CAST(:from_on AS date)
  AND CAST(q.created_at AT TIME ZONE CAST(:time_zone AS text) AS date) < CAST(:until_on AS date)
GROUP BY g.name
ORDER BY asked DESC, g.name
