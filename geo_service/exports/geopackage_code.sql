-- One code of a domain, in words.
INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description)
VALUES (:domain, 'enum', :code, :words)
