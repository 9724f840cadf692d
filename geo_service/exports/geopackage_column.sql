-- The name and the meaning of one column for people.
INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description)
VALUES (:layer, :column, :title, :title, :meaning)
