-- West, south, east and north (WGS84) of pavement and buildings; no row when there are none.
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
FROM (SELECT ST_Transform(ST_SetSRID(CAST(ST_Extent(geom) AS geometry), 31370), 4326) AS box
      FROM (SELECT geom FROM pavement_sections UNION ALL SELECT geom FROM buildings) facts) extent
WHERE box IS NOT NULL
