-- The ground of a street: its pavement and the room around its axis; of a street that no map draws, what lies before its houses. With a house
-- number also what lies around that house, whose outline comes along. Both as WKB in the storage CRS, null where there is nothing.
-- Parameters: street, house (empty: none), street_half_width_m, frontage_reach_m, door_m.
WITH surface AS (
    SELECT geom FROM pavement_sections WHERE street = :street
    UNION ALL
    SELECT ST_Buffer(geom, CAST(:street_half_width_m AS float8), 'endcap=flat') FROM streets WHERE name = :street
),
house AS (
    SELECT geom FROM buildings
    WHERE street = :street AND substring(house_number FROM '^\d+') = substring(CAST(:house AS text) FROM '^\d+')
),
part AS (
    SELECT geom FROM surface
    UNION ALL
    SELECT ST_Buffer(geom, CAST(:frontage_reach_m AS float8)) FROM buildings WHERE street = :street AND NOT EXISTS (SELECT FROM surface)
    UNION ALL
    SELECT ST_Buffer(geom, CAST(:door_m AS float8)) FROM house
)
SELECT ST_AsBinary(ST_Union(geom)) AS ground, (SELECT ST_AsBinary(ST_Union(geom)) FROM house) AS house
FROM part
