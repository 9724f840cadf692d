"""Draw GeoDataFrames on a folium map that needs no other server: Leaflet comes with this package."""

from __future__ import annotations

import base64
import html
import importlib.resources
from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
import pandas as pd

from geo_service_client.frames import EARTH

STYLES: Mapping[str, Mapping[str, Any]] = {
    "works": {"color": "#b34b00", "weight": 2, "fillOpacity": 0.25},
    "repairs": {"color": "#0b4f8a", "weight": 3, "fillOpacity": 0.45},
    "conflicts": {"color": "#a80f63", "weight": 3, "fillOpacity": 0.7},
}
"""The viewer's colours, so that a map looks the same in both."""

LAYERS = tuple(STYLES)
TOOLTIP_COLUMNS = {
    "works": ("owner", "source_id", "title", "certainty", "starts_on", "ends_on"),
    "repairs": ("number", "category", "scope", "status", "verdict", "until", "latest_on"),
    "conflicts": ("number", "rule", "severity", "a_owner", "b_owner", "cost_at_risk_eur", "gap_days"),
}
BELGIUM = (50.64, 4.67)
LEAFLET = "leaflet-1.9.4"


def draw(layers: Mapping[str, gpd.GeoDataFrame], *, background: bool = True) -> folium.Map:
    """A map with one layer per frame, each with its own colour, zoomed to its content.

    `background`: streets from openstreetmap.org, which then learns where one looks. Without it nothing is fetched.
    """
    map_ = folium.Map(location=BELGIUM, zoom_start=8, tiles=None)
    map_.default_js = [("leaflet", _data_address("leaflet.js", "text/javascript"))]
    map_.default_css = [("leaflet_css", _data_address("leaflet.css", "text/css"))]
    if background:
        folium.TileLayer("OpenStreetMap", name="OpenStreetMap").add_to(map_)
    content = {name: frame.to_crs(EARTH) for name, frame in layers.items() if not frame.empty}
    for name, frame in content.items():
        _layer(name, frame).add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    if content:
        west, south, east, north = pd.concat([frame.bounds for frame in content.values()]).agg(
            {"minx": "min", "miny": "min", "maxx": "max", "maxy": "max"}
        )
        map_.fit_bounds([[south, west], [north, east]])
    return map_


def _data_address(name: str, media_type: str) -> str:
    """A file of Leaflet as an address that holds it."""
    file = importlib.resources.files(__package__).joinpath(LEAFLET, name).read_bytes()
    return f"data:{media_type};base64,{base64.b64encode(file).decode()}"


def _layer(name: str, frame: gpd.GeoDataFrame) -> folium.GeoJson:
    columns = [column for column in TOOLTIP_COLUMNS.get(name, ()) if column in frame]
    plain = frame[[*columns, "geometry"]].copy()
    for column in columns:
        plain[column] = plain[column].map(_text)
    style = dict(STYLES.get(name, {}))
    tooltip = folium.GeoJsonTooltip(columns) if columns else None
    # An empty circle stays visible when a footprint is smaller than a pixel.
    return folium.GeoJson(
        plain,
        name=name,
        style_function=lambda _: style,
        tooltip=tooltip,
        marker=folium.CircleMarker(radius=5),
    )


def _text(value: Any) -> str:
    """A value as a tooltip shows it. folium writes it as HTML, and titles come from outside."""
    if pd.isna(value):
        return ""
    return html.escape(f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value))
