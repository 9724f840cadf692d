-- The days of works: from the first to the last of the phases that are not over; where none is left, of all.
SELECT coalesce(min(lower(p.during)) FILTER (WHERE NOT p.done), min(lower(p.during))) AS starts_on,
       coalesce(max(upper(p.during)) FILTER (WHERE NOT p.done), max(upper(p.during))) AS ends_on
FROM phases p WHERE p.works_id = w.id
