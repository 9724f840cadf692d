-- How long the cases of a list have been open: how many for each span of days, with its first and last day (null: since any day).
WITH
\ir cases_scored.sql
, span (n, least_days, most_days) AS (
    VALUES (1, 0, 3), (2, 4, 10), (3, 11, 30), (4, 31, NULL)
)
SELECT least_days, most_days, CAST(:today AS date) - least_days AS opened_until, CAST(:today AS date) - most_days AS opened_from,
       (SELECT count(*) FROM scored
        WHERE CAST(:today AS date) - open_since BETWEEN least_days AND coalesce(most_days, 100000)) AS cases
FROM span
ORDER BY n
