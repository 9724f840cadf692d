"""The transports of GIPOD's features: its OGC API, its WFS, or a saved answer of either.

A transport reads the whole feed, unless a complete read is less than a day old and the server can filter by modification date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import sqlalchemy as sa
from shapely import box

from geo_service.domain import crs as crs_codes
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import files
from geo_service.intake.formats.http_client import Server, json_of, web_address, where
from geo_service.intake.formats.ogc_features import MOST_PAGES, Pages, collection
from geo_service.intake.records import Coverage, Remarks
from geo_service.settings import Bbox
from geo_service.store.tables import source_records

ADDRESS = "https://geo.api.vlaanderen.be/GIPOD/ogc/features/v1"
WFS_ADDRESS = "https://geo.api.vlaanderen.be/GIPOD/wfs"
COLLECTION = "INNAME"
PAGE_SIZE = 1000
FULL_SWEEP_EVERY = timedelta(hours=24)
"""The time between two complete reads; only a complete read shows which works have vanished."""
CHANGED = "LastModifiedOn"

Feature = tuple[Any, int]
"""A feature, and the CRS (EPSG) of its geometry."""


class Transport(Protocol):
    """Reads features; `total` is the server's own count, once reading has begun."""

    @property
    def total(self) -> int | None:
        """The server's own count."""

    def features(self) -> Iterator[Feature]:
        """Every feature. Raises SourceUnreachable."""

    def coverage(self, count: int) -> Coverage:
        """What the read covered, after `count` different features."""

    def hindrances(self, collection: str) -> Iterator[Any]:
        """Every feature of this collection (HINDER, HINDERGEVOLG), also unchanged ones. Raises
        SourceUnreachable.
        """


@dataclass
class SavedPage:
    """A saved page, which is never complete."""

    origin: str
    total: int | None = field(default=None, init=False)

    def features(self) -> Iterator[Feature]:
        for raw in files.read(self.origin, files.ReadOptions(form="features")):
            if isinstance(raw, files.RawRecord):
                yield raw.record, raw.crs or crs_codes.WGS84
            else:
                yield None, crs_codes.WGS84

    def coverage(self, count: int) -> Coverage:
        return Coverage(full=False)

    def hindrances(self, collection: str) -> Iterator[Any]:
        raise SourceUnreachable("page_without_hindrances")


@dataclass
class OgcApi:
    """The OGC API – Features at `origin`: its root, a collection, or its items with a query.

    With `since`, it requests only later changes, if the server can filter by them.
    """

    origin: str
    region: Bbox
    backoff_s: float
    remarks: Remarks
    since: datetime | None = None
    total: int | None = field(default=None, init=False)
    _narrowed: bool = field(default=False, init=False)

    def features(self) -> Iterator[Feature]:
        url = items_address(self.origin, self.region)
        if self.since is not None and not _filters(url) and self._can_filter(url):
            self._narrowed = True
            self.remarks.add("only what changed was asked for")
            changed = f"{CHANGED} >= TIMESTAMP('{self.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}')"
            url = url.copy_merge_params({"filter": changed, "filter-lang": "cql2-text"})
        pages = Pages(url, backoff_s=self.backoff_s)
        for feature in pages.features():
            self.total = pages.total
            yield feature, pages.crs

    def coverage(self, count: int) -> Coverage:
        """Full when only a bounding box narrowed the query and the server sent all features."""
        url = items_address(self.origin, self.region)
        complete = self.total is None or count >= self.total
        if not complete:
            self.remarks.add("feed sent fewer features than it counted")
        west, south, east, north = (float(part) for part in url.params["bbox"].split(","))
        full = complete and not self._narrowed and not _filters(url)
        return Coverage(full=full, bbox=(west, south, east, north), changes=self._narrowed)

    def hindrances(self, collection: str) -> Iterator[Any]:
        url = items_address(self.origin, self.region)
        path = re.sub(r"/collections/[^/]+/items$", f"/collections/{collection}/items", url.path)
        parameters = {name: value for name, value in url.params.items() if name in ("bbox", "limit", "f")}
        yield from Pages(url.copy_with(path=path, params=parameters), backoff_s=self.backoff_s).features()

    def _can_filter(self, items: httpx.URL) -> bool:
        """Whether `LastModifiedOn` is among the collection's queryables (OGC API – Features Part 3)."""
        queryables = items.copy_with(path=f"{items.path.removesuffix('/items')}/queryables", query=None)
        try:
            with Server(queryables, "application/schema+json", backoff_s=self.backoff_s) as server:
                document = json_of(server.get(queryables))
        except (SourceUnreachable, ValueError):
            return False
        properties = document.get("properties") if isinstance(document, dict) else None
        return isinstance(properties, dict) and CHANGED in properties


@dataclass
class Wfs:
    """The WFS 2.0 at `origin`, in Lambert 72, the CRS of its data."""

    origin: str
    region: Bbox
    backoff_s: float
    remarks: Remarks
    total: int | None = field(default=None, init=False)

    def features(self) -> Iterator[Feature]:
        for page in self._pages(wfs_address(self.origin, self.region)):
            counted = _total(page)
            if self.total is None and counted is not None:
                self.total = counted
            for feature in page["features"]:
                yield feature, crs_codes.STORAGE

    def hindrances(self, collection: str) -> Iterator[Any]:
        parameters = {"typeNames": f"GIPOD:{collection}", "sortBy": _WFS_ORDER[collection]}
        url = wfs_address(self.origin, self.region)
        others = {name: value for name, value in url.params.items() if name.lower() in _WFS_PARAMETERS}
        for page in self._pages(url.copy_with(params={**others, **parameters})):
            yield from page["features"]

    def _pages(self, url: httpx.URL) -> Iterator[dict[str, Any]]:
        """Pages until the server has sent as many features as it counts, or no new one."""
        seen_ids: set[str] = set()
        start = 0
        with Server(url, "application/json", backoff_s=self.backoff_s) as server:
            for _ in range(MOST_PAGES):
                page = collection(server, url.copy_merge_params({"startIndex": str(start)}))
                yield page
                features, total = page["features"], _total(page)
                fresh = {str(one.get("id")) for one in features if isinstance(one, dict)} - seen_ids
                seen_ids |= fresh
                start += len(features)
                if not fresh or (total is not None and start >= total):
                    return
            raise SourceUnreachable("url_endless", url=where(url), pages=MOST_PAGES)

    def coverage(self, count: int) -> Coverage:
        """As for the OGC API; without a count by the server, the read is not complete."""
        complete = self.total is not None and count >= self.total
        filters = {name.lower() for name in httpx.URL(self.origin).params} - _WFS_PARAMETERS
        return Coverage(full=complete and not filters, bbox=self.region)


@dataclass
class FallbackTransport:
    """The first transport, or the second one when the first does not answer at all."""

    first: Transport
    second: Transport
    remarks: Remarks
    _active: Transport = field(init=False)

    def __post_init__(self) -> None:
        self._active = self.first

    @property
    def total(self) -> int | None:
        return self._active.total

    def features(self) -> Iterator[Feature]:
        features = self.first.features()
        try:
            began = next(features, None)
        except SourceUnreachable:
            self.remarks.add("the OGC API does not answer: read from the WFS")
            self._active = self.second
            yield from self.second.features()
            return
        if began is not None:
            yield began
            yield from features

    def coverage(self, count: int) -> Coverage:
        return self._active.coverage(count)

    def hindrances(self, collection: str) -> Iterator[Any]:
        return self._active.hindrances(collection)


_WFS_ORDER = {"HINDER": "ZoneId", "HINDERGEVOLG": "ZoneId,ConsequenceId"}
"""A unique sort key: pages in another order would overlap."""
_WFS_PARAMETERS = {
    "service",
    "version",
    "request",
    "typenames",
    "outputformat",
    "srsname",
    "count",
    "sortby",
    "startindex",
    "bbox",
}


def is_wfs(origin: str) -> bool:
    """Whether this is the address of a WFS."""
    url = web_address(origin)
    if url is None:
        return False
    parameters = {name.lower(): value.lower() for name, value in url.params.items()}
    return url.path.rstrip("/").lower().endswith("/wfs") or parameters.get("service") == "wfs"


def wfs_address(origin: str, region: Bbox) -> httpx.URL:
    """The GetFeature request in Lambert 72 within the region, sorted so that pages do not overlap."""
    lambert = geometry.transform(box(*region), crs_codes.WGS84, crs_codes.STORAGE).bounds
    query = {
        "service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": f"GIPOD:{COLLECTION}",
        "outputFormat": "application/json", "srsName": f"EPSG:{crs_codes.STORAGE}", "count": str(PAGE_SIZE), "sortBy": "GipodId",
        "bbox": ",".join(f"{metres:.0f}" for metres in lambert) + f",EPSG:{crs_codes.STORAGE}",
    }  # fmt: skip
    url = httpx.URL(origin)
    parameters = {name.lower() for name in url.params}
    return url.copy_merge_params(
        {name: value for name, value in query.items() if name.lower() not in parameters}
    )


def items_address(origin: str, region: Bbox) -> httpx.URL:
    """The address of the features, within the region unless `origin` has its own box. Raises InvalidInput."""
    try:
        url = httpx.URL(origin)
    except httpx.InvalidURL:  # which quotes what it cannot read
        raise InvalidInput.one("origin", "address_invalid") from None
    path = url.path.rstrip("/")
    if not path.endswith("/items"):
        path += "/items" if "/collections/" in path else f"/collections/{COLLECTION}/items"
    defaults = {"bbox": ",".join(map(str, region)), "limit": str(PAGE_SIZE)}
    return url.copy_with(path=path, params={**defaults, **dict(url.params)})


def last_sweep(conn: sa.Connection, source: str, now: datetime) -> datetime | None:
    """The moment of the last complete read; None when it is too long ago, or never was."""
    present = sa.and_(source_records.c.source == source, source_records.c.vanished_at.is_(None))
    oldest: datetime | None = conn.scalar(
        sa.select(sa.func.min(source_records.c.last_seen_at)).where(present)
    )
    return oldest if oldest is not None and now - oldest < FULL_SWEEP_EVERY else None


def _total(page: dict[str, Any]) -> int | None:
    counted = page.get("numberMatched", page.get("totalFeatures"))
    return counted if isinstance(counted, int) else None


def _filters(url: httpx.URL) -> set[str]:
    """The parameters that narrow a query, besides its box."""
    return set(url.params) - {"limit", "offset", "bbox", "f"}
