"""Convert answers to GeoDataFrames, and draw GeoDataFrames on a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import IO, Any

import folium
import geopandas as gpd
import pandas as pd

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
EARTH = "EPSG:4326"


def read(file: IO[bytes]) -> gpd.GeoDataFrame:
    """A GeoParquet file, with days as datetime64."""
    return gpd.read_parquet(file, to_pandas_kwargs={"date_as_object": False})


def as_query(filters: Mapping[str, Any]) -> dict[str, str]:
    """Keyword arguments as query parameters, without None."""
    parameters = {name.rstrip("_"): value for name, value in filters.items() if value is not None}
    return {name: _as_text(value) for name, value in parameters.items()}


def on_map(layers: Mapping[str, gpd.GeoDataFrame]) -> folium.Map:
    """A map with one layer per frame, each with its own colour, zoomed to its content."""
    map_ = folium.Map(location=BELGIUM, zoom_start=8, tiles=None)
    folium.TileLayer("OpenStreetMap", name="OpenStreetMap").add_to(map_)
    for name, frame in layers.items():
        if not frame.empty:
            _layer(name, frame).add_to(map_)
    folium.LayerControl().add_to(map_)
    bounds = [frame.to_crs(EARTH).total_bounds for frame in layers.values() if not frame.empty]
    if bounds:
        west, south, east, north = (
            pick(column) for pick, column in zip((min, min, max, max), zip(*bounds, strict=True), strict=True)
        )
        map_.fit_bounds([[south, west], [north, east]])
    return map_


def _layer(name: str, frame: gpd.GeoDataFrame) -> folium.GeoJson:
    columns = [column for column in TOOLTIP_COLUMNS.get(name, ()) if column in frame]
    plain = frame.to_crs(EARTH)[[*columns, "geometry"]].copy()
    for column in columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
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


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):  # a pandas Timestamp too
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(str(part) for part in value)
    return str(value)
