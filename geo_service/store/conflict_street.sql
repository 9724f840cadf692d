    -- One row at most: the street that both sides of conflict `c` name, else one of the first side (the repair, the building), else of the other:
    -- works may touch thirty.
    SELECT split_part(side, '/', 1) AS name
    FROM (VALUES ('a', c.a -> 'sides'), ('b', c.b -> 'sides')) ends (side_of, sides),
         jsonb_array_elements_text(coalesce(nullif(sides, 'null'), '[]')) side
    GROUP BY 1 ORDER BY count(DISTINCT side_of) DESC, min(side_of), 1 LIMIT 1
