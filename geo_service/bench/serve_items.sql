-- A page of features as one JSON text, with nothing of a server around it. Parameters: limit, offset.
SELECT CAST(json_build_object('type', 'FeatureCollection', 'features', json_agg(CAST(ST_AsGeoJSON(row, 'geom', 7, false) AS json))) AS text) AS page
FROM (
    SELECT id, works_id, source, source_id, owner, owner_group, title, reference, kind, category, utilities, certainty, source_status, remark, starts_on,
           ends_on, opens_surface, surfaces, vanished_at, updated_at, ST_Transform(geom, 4326) AS geom
    FROM bench_serve.phases ORDER BY id LIMIT :limit OFFSET :offset
) row
