-- The places that hold claims: squares of the grid of claims_of_place.sql, by the middle of a claim.
-- Parameters: square_m.
SELECT DISTINCT CAST(floor(ST_X(middle) / :square_m) AS integer) AS east, CAST(floor(ST_Y(middle) / :square_m) AS integer) AS north
FROM (SELECT ST_Centroid(geom) AS middle FROM claims) c
ORDER BY east, north
