-- The phases of works as one plain table with its indexes, for servers that publish tables: what /ogc/collections/phases joins for each request.
CREATE SCHEMA bench_serve;
CREATE TABLE bench_serve.phases AS
SELECT CAST(p.id AS text) AS id, CAST(w.id AS text) AS works_id, w.source, w.source_id, o.name AS owner, o.owner_group_id AS owner_group, w.title,
       w.reference, w.kind, w.category, array_to_string(w.utilities, ',') AS utilities, w.certainty, w.source_status, w.remark, lower(p.during) AS starts_on,
       upper(p.during) AS ends_on, p.opens_surface, array_to_string(p.surfaces, ',') AS surfaces, w.vanished_at, w.updated_at, p.geom
FROM phases p JOIN works w ON w.id = p.works_id JOIN organisations o ON o.id = w.owner_id
WHERE w.deleted_at IS NULL;
ALTER TABLE bench_serve.phases ADD PRIMARY KEY (id);
CREATE INDEX ON bench_serve.phases USING gist (geom);
ANALYZE bench_serve.phases
