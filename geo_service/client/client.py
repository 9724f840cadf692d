"""`Client(url, key)` reads the service over HTTP. It needs httpx and geopandas, no database and no settings."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import IO, Any, Self

import folium
import geopandas as gpd
import httpx
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_service.client import frames
from geo_service.client.bars import bar

CHUNK_BYTES = 256 * 1024
# A file that fits stays in memory; a country's worth goes to disk.
IN_MEMORY_BYTES = 64 * 1024 * 1024


class ClientError(Exception):
    """The service refused, or did not answer. `code` is the service's own, `status` that of HTTP, `problem`
    the whole answer.
    """

    def __init__(
        self, message: str, *, code: str, status: int | None = None, problem: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.problem = dict(problem or {})


class Client:
    """One service, with one API key. Use it as a context manager, or `close()` it.

    `progress` shows a bar while data comes in: by default in notebooks and terminals only. `language` is that of titles and advice.

    Filters of the lists: `bbox=(west, south, east, north)` in degrees, `active_on`, `from_`, `to` (days, `to` excluded), `owner`,
    `status`, and what the list itself knows (`rule`, `severity`, `street`, `kind` …). Every list is a GeoDataFrame in EPSG:4326
    with days and instants as datetime64; `.to_crs(31370)` gives metres.
    """

    def __init__(
        self, url: str, key: str, *, timeout_s: float = 60, progress: bool | None = None, language: str = "nl"
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
            timeout=timeout_s,
        )
        self._progress = progress

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def works(self, **filters: Any) -> gpd.GeoDataFrame:
        """Works, one row per phase: `id` names the works, `starts_on`/`ends_on` the days of the phase."""
        return self._frame("works", filters)

    def repairs(self, **filters: Any) -> gpd.GeoDataFrame:
        """Repairs, with the last advice (`verdict`, `until`, `held`) and the `section` that they lie on."""
        return self._frame("repairs", filters)

    def conflicts(self, **filters: Any) -> gpd.GeoDataFrame:
        """Conflicts with both sides (`a_owner`, `b_owner`, all `works_ids` …), the `section` of their repair and figures (`cost_at_risk_eur`,
        `saving_eur` …); gone ones by `status` only."""
        return self._frame("conflicts", filters)

    def buildings(self, **filters: Any) -> gpd.GeoDataFrame:
        """Building footprints."""
        return self._frame("buildings", filters)

    def pavements(self, **filters: Any) -> gpd.GeoDataFrame:
        """Pavement sections, with `street`, `side`, `material` and the day they were last laid."""
        return self._frame("pavements", filters)

    def advice(
        self,
        geometry: BaseGeometry | Mapping[str, Any],
        *,
        scope: str = "spot",
        category: str = "other",
        urgency: str = "normal",
        starts_on: date | str | None = None,
        ends_on: date | str | None = None,
    ) -> dict[str, Any]:
        """What the service would advise for a repair there (WGS84 lon/lat); nothing is stored."""
        days = {"starts_on": starts_on, "ends_on": ends_on}
        body = {
            "geometry": mapping(geometry) if isinstance(geometry, BaseGeometry) else dict(geometry),
            "scope": scope,
            "category": category,
            "urgency": urgency,
            **{name: str(day) for name, day in days.items() if day is not None},
        }
        with _reaching():
            answer = self._http.post("/advice", json=body)
        _check(answer)
        advice: dict[str, Any] = answer.json()
        return advice

    def map(self, **filters: Any) -> folium.Map:
        """Works, repairs and conflicts on one map. Filters on ground and days hold for all three."""
        layers = {name: self._frame(name, filters) for name in frames.LAYERS}
        return frames.on_map(layers)

    def _frame(self, name: str, filters: Mapping[str, Any]) -> gpd.GeoDataFrame:
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
            self._download(f"/{name}.parquet", frames.as_query(filters), file, name)
            file.seek(0)
            return frames.read(file)

    def _download(self, path: str, query: Mapping[str, str], file: IO[bytes], name: str) -> None:
        with _reaching(), self._http.stream("GET", path, params=query) as answer:
            if answer.is_error:
                answer.read()
            _check(answer)
            with bar(name, self._progress) as advance:
                for chunk in answer.iter_bytes(CHUNK_BYTES):
                    file.write(chunk)
                    advance(len(chunk))


@contextlib.contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise ClientError(f"the service cannot be reached: {reason}", code="unreachable") from error


def _check(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    problem: dict[str, Any] = {}
    if "json" in answer.headers.get("content-type", ""):
        with contextlib.suppress(ValueError):
            problem = answer.json()
    parts = [problem.get("title") or f"HTTP {answer.status_code}", problem.get("detail")]
    parts += [f"{one.get('field')}: {one.get('message')}" for one in problem.get("errors", ())]
    message = " – ".join(dict.fromkeys(part for part in parts if part))
    raise ClientError(
        message, code=problem.get("code", "http_error"), status=answer.status_code, problem=problem
    )
