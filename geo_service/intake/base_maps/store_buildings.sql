-- Store the buildings that are new or differ, note the squares in which something changed, and count.
-- An address that the file does not have stays as it is: it came from another file. Parameters: source.
WITH before AS (
    SELECT b.source_id AS key, b.geom
    FROM buildings b JOIN base_stage s ON s.key = b.source_id
    WHERE b.source = :source
), written AS (
    INSERT INTO buildings AS b (source, source_id, street, house_number, function, name, owner, geom)
    SELECT :source, s.key, d.street, d.house_number, coalesce(d.function, 'residential'), d.name, d.owner, s.geom
    FROM base_stage s
    CROSS JOIN LATERAL jsonb_to_record(s.data) AS d (street text, house_number text, function text, name text, owner text)
    ORDER BY s.geom
    ON CONFLICT (source, source_id) DO UPDATE SET
        street = coalesce(excluded.street, b.street), house_number = coalesce(excluded.house_number, b.house_number),
        function = excluded.function, name = excluded.name, owner = excluded.owner, geom = excluded.geom
    WHERE (b.street, b.house_number, b.function, b.name, b.owner) IS DISTINCT FROM
          (coalesce(excluded.street, b.street), coalesce(excluded.house_number, b.house_number), excluded.function, excluded.name, excluded.owner)
       OR NOT ST_OrderingEquals(b.geom, excluded.geom)
    RETURNING b.source_id AS key, b.geom, b.xmax = 0 AS is_new
), touched AS (
    SELECT geom FROM written UNION ALL SELECT before.geom FROM before JOIN written USING (key)
), marked AS (
\ir mark.sql
)
SELECT count(*) FILTER (WHERE is_new) AS created, count(*) FILTER (WHERE NOT is_new) AS changed FROM written
