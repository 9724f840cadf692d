"""`Client(url, key)` reads the service over HTTP. It needs no database and no settings."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import geopandas as gpd
import httpx
import tenacity
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo_service_client import frames
from geo_service_client.errors import WORTH_A_RETRY, ClientError, check, reach
from geo_service_client.past import Past, end_of
from geo_service_client.progress import bar

if TYPE_CHECKING:
    import folium

CHUNK_BYTES = 256 * 1024
# A file that fits stays in memory; a country's worth goes to disk.
IN_MEMORY_BYTES = 64 * 1024 * 1024
LONGEST_WAIT_S = 60
WAIT = tenacity.wait_random_exponential(multiplier=1, max=LONGEST_WAIT_S)
ANSWER_S = 900
"""The service sends the answer to a question of many rows within this time (s)."""


class Client:
    """One service, with one API key. Use it as a context manager, or `close()` it.

    `progress` shows a bar while data comes in: by default in notebooks and terminals only. `language` (nl, en) is that of titles and
    advice. What is read is read again up to `retries` times, with longer waits each time, when the service is busy or away; a question
    with a body is sent once.

    Filters of the lists: `bbox=(west, south, east, north)` in degrees, `active_on`, `from_`, `to` (days, `to` excluded), `owner`,
    `status`, and what the list itself knows (`rule`, `severity`, `street`, `kind` …). Every list is a GeoDataFrame in EPSG:4326
    with days and instants as datetime64, whole numbers as Int64 and yes or no as boolean, of which all may be missing; `.to_crs(31370)` gives
    metres. Periods are half-open: `ends_on` is the first free day.

    Every method raises a ClientError: InvalidInput, NotSignedIn, NotAllowed, NotFound, TooManyRequests, Busy or Unreachable.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_s: float = 60,
        progress: bool | None = None,
        language: str = "nl",
        retries: int = 3,
    ) -> None:
        self._url = url.rstrip("/")
        with reach(self._url):
            self._http = httpx.Client(
                base_url=f"{self._url}/api/v1",
                headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
                timeout=timeout_s,
            )
        self._progress = progress
        self._retries = retries

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
        `saving_eur` in euros, `gap_days` in days, `overlap_m2` in m² …); gone ones by `status` only."""
        return self._frame("conflicts", filters)

    def buildings(self, **filters: Any) -> gpd.GeoDataFrame:
        """Building footprints."""
        return self._frame("buildings", filters)

    def pavements(self, **filters: Any) -> gpd.GeoDataFrame:
        """Pavement sections, with `street`, `side`, `material` and the day they were last laid."""
        return self._frame("pavements", filters)

    def status(self) -> dict[str, Any]:
        """The service's day (`today`), its city, and how old the data of each source are."""
        return self._get("/status")

    def at(self, moment: date | str, *, zone: str = "Europe/Brussels") -> Past:
        """What was known at the end of a day, or at an instant (a datetime, or its ISO text): `.works()`, `.repairs()` and `.conflicts()` as
        frames, read from the event streams when they are asked for.

        A day, and an instant without an offset, is that of `zone`. Nothing is known of the time before the service published its first state,
        two changes within one minute are one, and texts that people wrote are not kept (`Past`). Raises ValueError for a text that is neither.
        A partner may not read the streams: NotAllowed.
        """
        return Past(end_of(moment, zone), self._read_page)

    def rules(self) -> list[dict[str, Any]]:
        """The rules that are in force or in shadow, with their parameters (metres, days)."""
        return self._items("/rules")

    def reliabilities(self) -> list[dict[str, Any]]:
        """How far dates are off, per owner group and certainty: `slack_before_days`, `slack_after_days`, `probability` and the observed
        works behind each figure."""
        return self._items("/reliabilities")

    def preview(self, rule: str, **changes: Any) -> dict[str, Any]:
        """What a rule would find with other parameters (`clearance_m` in metres, `before_days` …): `before` and `after` with `conflicts`,
        `blocking` and `cost_at_risk_eur`, and the conflicts that appear and disappear. Nothing is stored; the key must be a coordinator's."""
        return self._ask(f"/rules/{rule}/preview", changes)

    def advice(
        self,
        place: gpd.GeoDataFrame | gpd.GeoSeries | BaseGeometry | Mapping[str, Any],
        *,
        scope: str = "spot",
        category: str = "other",
        urgency: str = "normal",
        starts_on: date | str | None = None,
        ends_on: date | str | None = None,
    ) -> gpd.GeoDataFrame | dict[str, Any]:
        """What the service would advise for a repair there; nothing is stored.

        One geometry (EPSG:4326, lon/lat) gives the whole advice. A GeoDataFrame or GeoSeries in any CRS gives a frame with the same
        index and CRS and a row for each place, asked as if the others were not there: `verdict`, `until` (first free day),
        `cost_at_risk_eur`, `reasons` …, and `error`, which names the field when that row was refused. Its columns `scope`, `category`,
        `urgency`, `starts_on` and `ends_on` go before the arguments. Raises ValueError for a frame without a CRS.
        """
        same = {"scope": scope, "category": category, "urgency": urgency, "starts_on": starts_on, "ends_on": ends_on}  # fmt: skip
        if isinstance(place, gpd.GeoDataFrame | gpd.GeoSeries):
            return self._advice_by_row(place, same)
        shape = mapping(place) if isinstance(place, BaseGeometry) else dict(place)
        return self._ask("/advice", {"geometry": shape, **frames.as_query(same)})

    def map(self, *, background: bool = True, **filters: Any) -> folium.Map:
        """Works, repairs and conflicts on one map. Filters on ground and days hold for all three. It needs folium: the extra `map`.

        Leaflet is in the map itself; `background=False` leaves out the streets of openstreetmap.org, and then nothing is fetched.
        """
        try:
            from geo_service_client import maps
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"{error}: a map needs geo-service-client[map]", name=error.name
            ) from error
        layers = {name: self._frame(name, filters) for name in maps.LAYERS}
        return maps.draw(layers, background=background)

    def _frame(self, name: str, filters: Mapping[str, Any]) -> gpd.GeoDataFrame:
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
            for attempt in self._attempts():
                with attempt:
                    file.seek(0)
                    file.truncate()
                    self._download(f"/{name}.parquet", frames.as_query(filters), file, name)
            file.seek(0)
            return frames.read(file)

    def _download(self, path: str, query: Mapping[str, str], file: IO[bytes], name: str) -> None:
        with reach(self._url), self._http.stream("GET", path, params=query) as answer:
            if not answer.is_success:
                answer.read()
            check(answer)
            with bar(name, self._progress) as advance:
                for chunk in answer.iter_bytes(CHUNK_BYTES):
                    file.write(chunk)
                    advance(len(chunk))

    def _items(self, path: str) -> list[dict[str, Any]]:
        """All items of a list that has no pages."""
        items: list[dict[str, Any]] = self._get(path)["items"]
        return items

    def _read_page(self, path: str) -> dict[str, Any]:
        return self._get(f"{self._url}{path}")

    def _get(self, address: str) -> dict[str, Any]:
        """The JSON at a path of the API, or at a whole address of this service."""
        for attempt in self._attempts():
            with attempt, reach(self._url):
                answer = self._http.get(address)
                check(answer)
        content: dict[str, Any] = answer.json()
        return content

    def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        with reach(self._url):
            answer = self._http.post(path, json=body)
        check(answer)
        content: dict[str, Any] = answer.json()
        return content

    def _advice_by_row(
        self, places: gpd.GeoDataFrame | gpd.GeoSeries, same: Mapping[str, Any]
    ) -> gpd.GeoDataFrame:
        answers: list[Mapping[str, Any]] = []
        with bar("advice", self._progress, total=len(places), unit="row") as advance:
            for rows in frames.batches(frames.questions(places, same)):
                for answer in self._answers(rows):
                    answers.append(answer)
                    advance(1)
        return frames.advice(places, answers)

    def _answers(self, rows: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """The answer to each row, in their order. Raises ClientError when the service stops before the last one."""
        body = f'{{"rows": [{", ".join(rows)}]}}'
        with (
            reach(self._url),
            self._http.stream(
                "POST",
                "/advice/batch",
                content=body,
                headers={"Content-Type": "application/json"},
                timeout=ANSWER_S,
            ) as answer,
        ):
            if not answer.is_success:
                answer.read()
            check(answer)
            count = 0
            for line in frames.lines(answer.iter_bytes()):
                count += 1
                yield json.loads(line)
        if count < len(rows):
            raise ClientError(f"{len(rows) - count} rows have no answer", code="incomplete")

    def _attempts(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(WORTH_A_RETRY),
            stop=tenacity.stop_after_attempt(1 + self._retries),
            wait=_wait_s,
            reraise=True,
        )


def _wait_s(state: tenacity.RetryCallState) -> float:
    """As long as the service says (s), else longer each time; never longer than a minute."""
    error = state.outcome and state.outcome.exception()
    retry_s = error.retry_s if isinstance(error, ClientError) else None
    return WAIT(state) if retry_s is None else min(retry_s, LONGEST_WAIT_S)
