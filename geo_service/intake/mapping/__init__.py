"""Mapping files describe the records of a city; the modules here read a record by its mapping."""
