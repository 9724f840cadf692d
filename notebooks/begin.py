"""What each notebook begins with: the service, colours that everybody tells apart, and figures in Dutch."""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd

from geo_service.client import Client

BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442"  # fmt: skip
"""The colours of Okabe and Ito, which colour-blind people tell apart."""
SEVERITY = {"critical": "#440154", "high": "#3B528B", "medium": "#21918C", "low": "#5EC962", "info": "#DCE319"}  # fmt: skip
"""From dark to light (viridis), so that the order is seen in grey as well."""
NOWHERE = "(geen straat bekend)"

plt.rcParams |= {"figure.figsize": (9, 4.5), "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left"}  # fmt: skip


def connect(role: str = "viewer") -> Client:
    """A client of the service of `GEO_CLIENT_URL` with the key of `GEO_CLIENT_KEY`, else of the demo on this machine.

    `GEO_CLIENT_KEY_COORDINATOR` and so on are keys of a role.
    """
    url = os.environ.get("GEO_CLIENT_URL", "http://127.0.0.1:8000")
    key = os.environ.get(f"GEO_CLIENT_KEY_{role.upper()}") or os.environ.get("GEO_CLIENT_KEY")
    return Client(url, key or _demo_keys()[role])


def _demo_keys() -> dict[str, str]:
    for folder in (Path.cwd(), *Path.cwd().parents):
        file = folder / "data" / "run" / "keys.json"
        if file.is_file():
            keys: dict[str, str] = json.loads(file.read_text())
            return keys
    raise FileNotFoundError("no data/run/keys.json: start the demo by `make demo`, or set GEO_CLIENT_KEY")


def today(client: Client) -> pd.Timestamp:
    """The day of the service."""
    return pd.Timestamp(client.status()["today"])


def number(value: float, digits: int = 0) -> str:
    """`1.234,5`."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def euro(amount: float) -> str:
    """`€ 1.234`, without a place to break the line."""
    return f"€\u00a0{number(amount)}"


def share(part: float, whole: float) -> str:
    """`12 %`; a dash where there is nothing."""
    return f"{part / whole:.0%}".replace("%", "\u00a0%") if whole else "–"


def streets_of(frame: gpd.GeoDataFrame, pavements: gpd.GeoDataFrame) -> pd.Series:
    """The street of each row, by its index: of the pavement section that holds most of its ground, measured in metres (EPSG:31370)."""
    ground = gpd.GeoDataFrame({"row": frame.index}, geometry=frame.to_crs(31370).geometry.array, crs=31370)
    sections = pavements[pavements.street.notna()].to_crs(31370)[["street", "geometry"]]
    pieces = ground.overlay(sections, how="intersection", keep_geom_type=False)
    pieces["size"] = (
        pieces.area + 1e-6 * pieces.length
    )  # a line or a point has no area, and lies somewhere all the same
    most = pieces.sort_values("size", ascending=False).drop_duplicates("row").set_index("row").street
    return most.reindex(frame.index).fillna(NOWHERE)
