-- Each row: a department and how many alerts it was told after place `after` in the feed.
SELECT department, count(*) AS alerts
FROM alerts, unnest(departments) AS department
WHERE seq > :after
GROUP BY department
ORDER BY department
