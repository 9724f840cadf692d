-- The name and the meaning of one column for people, and the domain of its codes.
INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description, constraint_name)
VALUES (:layer, :column, :title, :title, :meaning, :domain)
