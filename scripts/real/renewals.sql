-- What is advised for the footpath renewals, and whether they are held.
SELECT verdict, held, count(*) AS renewals, min(lower(planned)) AS "first planned", max(lower(planned)) AS "last planned"
FROM repairs
GROUP BY verdict, held
ORDER BY held DESC, renewals DESC
