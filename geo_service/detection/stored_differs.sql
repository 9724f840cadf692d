-- Where two states (stored.sql) differ: how many rows of each sort, and the first ten by name.
SELECT what, CAST(count(*) AS integer) AS number, (array_agg(which ORDER BY which))[1:10] AS first
FROM stored_before b
FULL JOIN stored_after a USING (what, which)
WHERE a.content IS DISTINCT FROM b.content
GROUP BY what
ORDER BY what
