"""Mapping files: how the records of a city become works, repairs or base maps, and what reads a record by them."""
