-- In which streets the surface is open in each week from `from_on`, by the days that sources state.
SELECT CAST(week AS date) AS week_on, ARRAY(
    SELECT DISTINCT split_part(side, '/', 1) AS street
    FROM claims c CROSS JOIN unnest(c.sides) AS side
    WHERE c.kind = 'opening' AND NOT c.umbrella AND daterange(c.stated_starts, c.stated_ends) && daterange(CAST(week AS date), CAST(week AS date) + 7)
    ORDER BY street
) AS streets
FROM generate_series(CAST(:from_on AS date), CAST(:until_on AS date) - 7, interval '7 days') AS week
ORDER BY week
