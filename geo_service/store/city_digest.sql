-- What is in force: one row, or none in a database that was never prepared.
SELECT digest FROM city
