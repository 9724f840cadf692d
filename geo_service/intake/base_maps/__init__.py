"""Base maps: the import of buildings, addresses, pavements, streets and parcels, and the sections and streets derived from them."""

TARGETS = ("buildings", "pavements", "streets", "parcels", "addresses")
BUNDLES = ("grb", "osm")
"""Deliveries with several maps."""
NAMES = (*BUNDLES, *TARGETS)
