-- Give buildings the address of the point that lies in them, or else at most 3 m away; the lowest house number where there are several.
-- A point whose building has that address already, or that has none, changes nothing. Parameters: none.
WITH pointed AS (
    SELECT DISTINCT ON (b.id) b.id, s.data ->> 'street' AS street, s.data ->> 'house_number' AS house_number
    FROM base_stage s
    CROSS JOIN LATERAL (
        SELECT id, geom FROM buildings WHERE ST_DWithin(geom, s.geom, 3) ORDER BY ST_Distance(geom, s.geom), id LIMIT 1
    ) b
    ORDER BY b.id, CAST(substring(s.data ->> 'house_number' FROM '^\d{1,9}') AS integer) NULLS LAST, s.data ->> 'house_number', s.key
), written AS (
    UPDATE buildings b SET street = p.street, house_number = p.house_number
    FROM pointed p
    WHERE b.id = p.id AND (b.street, b.house_number) IS DISTINCT FROM (p.street, p.house_number)
    RETURNING b.geom
), touched AS (
    SELECT geom FROM written
), marked AS (
\ir mark.sql
)
SELECT CAST(0 AS bigint) AS created, count(*) AS changed FROM written
