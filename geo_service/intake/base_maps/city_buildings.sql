-- Buildings that a list of projects may mean: by id in their register, by name, or by address.
SELECT id, source_id, name, street, house_number, ST_AsBinary(geom) AS geom
FROM buildings
ORDER BY id
