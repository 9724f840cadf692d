-- The parameters that this city changed.
SELECT name, value FROM parameters
