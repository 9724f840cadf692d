"""The standards of the Open Geospatial Consortium, under /ogc."""
