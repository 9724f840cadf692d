"""The one file that names EPSG codes."""

from __future__ import annotations

STORAGE = 31370
"""Belgian Lambert 72: GIPOD's WFS and LDES and GRB arrive in it; metres are metres. To and from WGS84 PROJ is good to ~1 m without the national grid."""
WGS84 = 4326
"""Longitude, latitude in GeoJSON's order (RFC 7946)."""
LAMBERT_2008 = 3812
WEB_MERCATOR = 3857

EXCHANGE = (WGS84, STORAGE, LAMBERT_2008)
"""What `?crs=` accepts."""
