-- West, south, east and north (WGS84) of pavement and buildings; no row when there are none.
SELECT ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east, ST_YMax(box) AS north
FROM (SELECT ST_Transform(ST_SetSRID(CAST(ST_Extent(geom) AS geometry), 31370), 4326) AS box
      FROM (SELECT geom FROM pavement_sections UNION ALL SELECT geom FROM buildings) facts) extent
WHERE box IS NOT NULL
