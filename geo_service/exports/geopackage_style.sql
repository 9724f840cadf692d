-- The style with which QGIS opens the layer.
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner)
VALUES ('', '', :layer, :geometry, :layer, :qml, '', 1, '', '')
