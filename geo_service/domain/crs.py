"""The one file that names EPSG codes."""

from __future__ import annotations

STORAGE = 31370
"""Belgian Lambert 72: GIPOD's WFS and LDES and GRB arrive in it; metres are metres. To and from WGS84 PROJ is good to ~1 m without the national grid."""
WGS84 = 4326
"""Longitude, latitude in GeoJSON's order (RFC 7946)."""
LAMBERT_2008 = 3812
WEB_MERCATOR = 3857

BELGIUM = (2.0, 49.0, 7.0, 52.0)
"""West, south, east, north in WGS84: wider than any city, and inside the area of Lambert 72. Beyond it, transformed ground would be infinite or fold over."""

EXCHANGE = (WGS84, STORAGE, LAMBERT_2008)
"""What `?crs=` accepts."""

ESRI_TWINS = {103300: STORAGE, 31300: STORAGE}
"""Lambert 72 under the codes of ESRI and of its older definition without the datum shift."""
UTM_31 = 25831
"""ETRS89 / UTM zone 31 N, of INSPIRE, GNSS receivers and neighbouring countries."""
LAMBERT_93 = 2154
RECOGNISED = (*EXCHANGE, WEB_MERCATOR, UTM_31, LAMBERT_93)
"""The ones that a place is compared with when a file names none."""
NAMES = {
    WGS84: "WGS84 longitude, latitude",
    STORAGE: "Belgian Lambert 72",
    LAMBERT_2008: "Belgian Lambert 2008",
    WEB_MERCATOR: "Web Mercator",
    UTM_31: "ETRS89 / UTM zone 31N",
    LAMBERT_93: "RGF93 / Lambert-93",
}
