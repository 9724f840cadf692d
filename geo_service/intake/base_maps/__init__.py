"""Reference maps: how buildings, pavement, streets and parcels come in, and the sections and streets that are derived from them."""

TARGETS = ("buildings", "pavements", "streets", "parcels", "addresses")
BUNDLES = ("grb", "osm")
"""Deliveries of several maps in one."""
NAMES = (*BUNDLES, *TARGETS)
