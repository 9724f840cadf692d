-- A generated region for :claims claims at one density, whatever the number: streets 100 m long on a grid of 100 m, each with a footpath
-- of ten sections on either side, ten phases of works (strips along a footpath or the carriageway, one in ten across the street) and
-- about one repair (three claims each). The days lie from two years ago to one year ahead of :today; what is past is done.
-- The streets make up :cities towns of the same size on a grid of :spacing metres, each with an organisation of its own that repairs.
INSERT INTO organisations (name, owner_group_id)
SELECT names.name, g.id
FROM (VALUES ('Proximus Gent', 'proximus'), ('Fluvius Kortrijk', 'fluvius'), ('Aquafin NV', 'aquafin'), ('De Watergroep', 'de_watergroep'),
             ('Wyre', 'wyre'), ('Farys', 'farys'), ('Eurofiber', 'eurofiber'), ('Stad Izegem', 'city')) names (name, group_id)
JOIN owner_groups g ON g.id = names.group_id;

INSERT INTO organisations (name, owner_group_id)
SELECT 'Gemeente ' || n, 'city' FROM generate_series(2, :cities) n;

CREATE TEMP TABLE street AS
SELECT n, 30000 + :spacing * (n % :cities % columns) + 100.0 * (n / :cities % side) AS x,
       150000 + :spacing * (n % :cities / columns) + 100.0 * (n / :cities / side) AS y,
       CASE WHEN n % :cities = 0 THEN 'Stad Izegem' ELSE 'Gemeente ' || n % :cities + 1 END AS city
FROM (SELECT CAST(ceil(sqrt(:claims / 13.0 / :cities)) AS integer) AS side, CAST(ceil(sqrt(:cities)) AS integer) AS columns) grid,
     generate_series(0, CAST(:claims / 13.0 AS integer) - 1) n;

INSERT INTO pavement_sections (source, code, kind, side, geom)
SELECT 'bench', concat(n, '-', place, '-', side), 'footpath', side,
       ST_MakeEnvelope(x + 9 * place, y + across, x + 9 * place + 9, y + across + 2, 31370)
FROM street, generate_series(0, 9) place, (VALUES ('even', 0), ('odd', 10)) s (side, across);

CREATE TEMP TABLE planned AS
SELECT row_number() OVER () AS n, p.x + along AS x, p.y + across AS y, crosses, length_m, width_m, owner, chance,
       CAST(:today AS date) - 730 + CAST(random() * 1095 AS integer) AS starts, days
FROM (SELECT street.*, 80 * random() AS along, (ARRAY[0.5, 1.0, 5.0, 6.5, 10.5, 11.0])[1 + CAST(floor(6 * random()) AS integer)] AS across,
             random() < 0.1 AS crosses, 3 + 27 * random() AS length_m, 0.5 + random() AS width_m,
             1 + CAST(floor(random() * 7) AS integer) AS owner, random() AS chance, 5 + CAST(50 * random() * random() AS integer) AS days
      FROM street, generate_series(1, 10)) p;

INSERT INTO works (source, source_id, owner_id, title, kind, certainty, finished_on)
SELECT 'bench', 'W-' || p.n, o.id, 'Generated works', CASE WHEN chance < 0.8 THEN 'groundworks' ELSE 'works' END,
       state.certainty, CASE WHEN state.certainty = 'done' THEN starts + days END
FROM planned p
JOIN (SELECT id, row_number() OVER (ORDER BY name) AS n FROM organisations WHERE name NOT LIKE 'Gemeente %') o ON o.n = p.owner
CROSS JOIN LATERAL (SELECT CASE WHEN starts + days <= CAST(:today AS date) THEN 'done' WHEN starts <= CAST(:today AS date) THEN 'in_progress'
    ELSE (ARRAY['indicative', 'planned', 'planned', 'confirmed'])[1 + CAST(floor(4 * mod(CAST(1000 * chance AS numeric), 1)) AS integer)] END AS certainty) state;

INSERT INTO phases (works_id, source_key, geom, during, opens_surface)
SELECT w.id, '1', CASE WHEN crosses THEN ST_MakeEnvelope(x, p.y - mod(CAST(p.y AS numeric), 100), x + width_m, p.y - mod(CAST(p.y AS numeric), 100) + 12, 31370)
                       ELSE ST_MakeEnvelope(x, p.y, x + length_m, p.y + width_m, 31370) END,
       daterange(starts, starts + days), w.kind = 'groundworks'
FROM planned p
JOIN works w ON w.source = 'bench' AND w.source_id = 'W-' || p.n;

INSERT INTO repairs (owner_id, category, scope, urgency, status, geom, planned, finished_on, finished_scope)
SELECT o.id, 'loose_slab', scope, 'normal', CASE WHEN age > 0 THEN 'done' ELSE 'scheduled' END,
       ST_SetSRID(ST_Point(x + 90 * random(), y + across), 31370), daterange(CAST(:today AS date) - age, CAST(:today AS date) - age + 1),
       CASE WHEN age > 0 THEN CAST(:today AS date) - age + 1 END, CASE WHEN age > 0 THEN scope END
FROM (SELECT street.*, CASE WHEN random() < 0.5 THEN 1 ELSE 11 END AS across, CASE WHEN random() < 0.3 THEN 'section' ELSE 'spot' END AS scope,
             CASE WHEN random() < 0.3 THEN CAST(1 + 700 * random() AS integer) ELSE CAST(-60 * random() AS integer) END AS age
      FROM street, generate_series(1, 2)) r
JOIN organisations o ON o.name = r.city;
