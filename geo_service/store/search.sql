-- What people mean by a few words: numbers, addresses, streets, buildings, pavement sections, owners and works; of each kind the likeliest.
-- :words is what was typed without the town; :street the same without its house number, :house that number (both empty where there is none);
-- :number is a number of ours (C-51, H-1121) or of a source, else empty. A word misspelt in a letter or two still counts: `%>` and `<%` keep
-- what has 60 % of its parts of three letters, by the index (pg_trgm).
WITH street AS MATERIALIZED (
\ir search_streets.sql
),
street_hit AS (
    SELECT 'street' AS kind, CAST(NULL AS uuid) AS id, s.name, CAST(NULL AS text) AS detail, CAST(NULL AS text) AS code,
           CAST(NULL AS daterange) AS during, place.geom, s.likeness, s.exact, CAST(row_number() OVER () AS integer) AS turn
    FROM street s
    LEFT JOIN LATERAL (
        SELECT ST_PointOnSurface(geom) AS geom
        FROM (
            SELECT geom, 1 AS turn FROM streets WHERE name = s.name
            UNION ALL SELECT geom, 2 FROM pavement_sections WHERE street = s.name
            UNION ALL SELECT geom, 3 FROM buildings WHERE street = s.name
        ) AS there
        ORDER BY turn, ST_Area(geom) DESC LIMIT 1
    ) AS place ON true
),
-- House 108a where there is one; else 108, and what stands at it. Without a number: the first houses of the likeliest street.
house AS (
    SELECT b.*, s.likeness, s.exact,
           CAST(substring(b.house_number FROM '^\d{1,6}') AS integer) AS ordinal,
           CASE WHEN lower(b.house_number) = lower(:house) THEN 0 WHEN b.house_number ILIKE :house || '%' THEN 1 ELSE 2 END AS distance
    FROM street s
    JOIN buildings b ON b.street = s.name
    WHERE b.house_number IS NOT NULL
      AND (:house = '' OR substring(b.house_number FROM '^\d+') = substring(:house FROM '^\d+'))
),
address_hit AS (
    SELECT 'address' AS kind, id, street || ' ' || house_number AS name, coalesce(name, function) AS detail,
           CASE WHEN name IS NULL THEN 'function' ELSE 'name' END AS code, CAST(NULL AS daterange) AS during, ST_PointOnSurface(geom) AS geom,
           likeness, distance = 0 AND :house <> '' AS exact,
           CAST(row_number() OVER (ORDER BY exact DESC, likeness DESC, street, distance, ordinal, house_number, id) AS integer) AS turn
    FROM house
),
building_hit AS (
    SELECT 'building' AS kind, id, name, nullif(concat_ws(' ', street, house_number), '') AS detail, function AS code, CAST(NULL AS daterange) AS during,
           ST_PointOnSurface(geom) AS geom, word_similarity(:words, name) AS likeness, lower(name) = lower(:words) AS exact,
           CAST(row_number() OVER (ORDER BY word_similarity(:words, name) DESC, similarity(:words, name) DESC, name, id) AS integer) AS turn
    FROM buildings
    WHERE name %> :words
),
section_hit AS (
    SELECT 'section' AS kind, id, concat_ws(' ', street, nullif(concat_ws('–', number_from, nullif(number_to, number_from)), '')) AS name, code AS detail,
           kind AS code, CAST(NULL AS daterange) AS during, ST_PointOnSurface(geom) AS geom, CAST(1 AS real) AS likeness, lower(code) = lower(:words) AS exact,
           CAST(row_number() OVER (ORDER BY code) AS integer) AS turn
    FROM pavement_sections
    WHERE code = upper(:words)
),
owner AS MATERIALIZED (
    SELECT o.id, o.owner_group_id, g.name, greatest(word_similarity(:words, o.name), word_similarity(:words, g.name)) AS likeness
    FROM organisations o JOIN owner_groups g ON g.id = o.owner_group_id
    WHERE o.name %> :words OR g.name %> :words
),
owner_hit AS (
    SELECT 'owner' AS kind, CAST(NULL AS uuid) AS id, w.name, w.owner_group_id AS detail, CAST(NULL AS text) AS code, CAST(NULL AS daterange) AS during,
           CAST(NULL AS geometry) AS geom, w.likeness, lower(w.name) = lower(:words) AS exact,
           CAST(row_number() OVER (ORDER BY w.likeness DESC, w.name) AS integer) AS turn
    FROM (SELECT owner_group_id, name, max(likeness) AS likeness FROM owner GROUP BY owner_group_id, name) AS w
    WHERE EXISTS (
        SELECT FROM works JOIN organisations o ON o.id = works.owner_id
        WHERE o.owner_group_id = w.owner_group_id AND works.deleted_at IS NULL
    )
),
works_match AS (
    (SELECT id, word_similarity(:words, title) AS likeness FROM works WHERE title %> :words AND deleted_at IS NULL ORDER BY 2 DESC, id DESC LIMIT :most)
    UNION ALL
    (SELECT id, 1 FROM works WHERE :number <> '' AND source_id LIKE :number || '%' AND deleted_at IS NULL ORDER BY length(source_id), source_id LIMIT :most)
    UNION ALL
    (SELECT id, word_similarity(:words, reference) FROM works WHERE reference %> :words AND deleted_at IS NULL ORDER BY 2 DESC, id DESC LIMIT :most)
    UNION ALL
    (SELECT works.id, 0.6 * owner.likeness FROM works JOIN owner ON owner.id = works.owner_id WHERE deleted_at IS NULL ORDER BY works.id DESC LIMIT :most)
),
works_hit AS (
    SELECT 'works' AS kind, w.id, coalesce(nullif(w.title, ''), o.name) AS name, w.source_id AS detail, w.source AS code, days.during,
           CAST(NULL AS geometry) AS geom, f.likeness, w.source_id = :number AS exact,
           CAST(row_number() OVER (ORDER BY w.source_id = :number DESC, f.likeness DESC, lower(days.during) DESC, w.id) AS integer) AS turn
    FROM (SELECT id, CAST(max(likeness) AS real) AS likeness FROM works_match GROUP BY id) AS f
    JOIN works w ON w.id = f.id
    JOIN organisations o ON o.id = w.owner_id
    CROSS JOIN LATERAL (
\ir works_days.sql
    ) AS span
    CROSS JOIN LATERAL (SELECT daterange(span.starts_on, span.ends_on) AS during) AS days
),
repair_hit AS (
    -- one that turned out to be another leads to that: the last word on it counts
    SELECT 'repair' AS kind, r.id, concat_ws(' → ', CASE WHEN n.id IS NOT NULL THEN 'H-' || named.number END, 'H-' || r.number) AS name, r.status AS detail, r.category AS code,
           CAST(NULL AS daterange) AS during, ST_PointOnSurface(r.geom) AS geom, CAST(1 AS real) AS likeness, true AS exact, 1 AS turn
    FROM repairs named
    LEFT JOIN LATERAL (
        SELECT id, old_id FROM renumberings
        WHERE new_id = named.id AND status = 'confirmed' AND named.deleted_at IS NOT NULL
        ORDER BY decided_at DESC NULLS LAST, id DESC LIMIT 1
    ) AS n ON true
    JOIN repairs r ON r.id = coalesce(n.old_id, named.id)
    WHERE :repairs AND named.number = CAST(substring(:number FROM '^[Hh]-?(\d{1,15})$') AS bigint) AND r.deleted_at IS NULL
),
conflict_hit AS (
    SELECT 'conflict' AS kind, id, 'C-' || number AS name, status AS detail, rule_id AS code, CAST(NULL AS daterange) AS during, CAST(NULL AS geometry) AS geom,
           CAST(1 AS real) AS likeness, true AS exact, 1 AS turn
    FROM conflicts
    WHERE number = CAST(substring(:number FROM '^[Cc]-?(\d{1,15})$') AS bigint) AND NOT shadow
),
hit AS (
    SELECT * FROM street_hit UNION ALL SELECT * FROM address_hit UNION ALL SELECT * FROM building_hit UNION ALL SELECT * FROM section_hit
    UNION ALL SELECT * FROM owner_hit UNION ALL SELECT * FROM works_hit UNION ALL SELECT * FROM repair_hit UNION ALL SELECT * FROM conflict_hit
)
SELECT kind, id, name, detail, code, CAST(lower(during) AS text) AS starts_on, CAST(upper(during) AS text) AS ends_on,
       ST_X(ST_Transform(geom, 4326)) AS lon, ST_Y(ST_Transform(geom, 4326)) AS lat
FROM hit
WHERE turn <= :most
-- A number of ours or of a source first; then what is called exactly so; then a place before works, as who types a street means a place.
ORDER BY kind IN ('repair', 'conflict', 'section') DESC, kind = 'works' AND :number <> '' DESC, exact AND kind <> 'street' DESC,
         array_position(CAST(:kinds AS text[]), kind), turn
LIMIT 20
