"""Requests of another Open311 server, read by GeoReport v2. They become repairs.

A server with other services than ours needs a file with their meaning (`data/services/NAME.toml`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import httpx
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from shapely.geometry.base import BaseGeometry

import geo_service
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import REPAIR_CATEGORIES, RepairCategory, RepairDraft, Urgency
from geo_service.intake.base_maps.addresses import AddressBook
from geo_service.intake.formats.geometries import geometry_or_raise, read_many
from geo_service.intake.formats.georeport import Requests
from geo_service.intake.formats.http_client import BACKOFF_S, web_address
from geo_service.intake.formats.raw_record import plain
from geo_service.intake.mapping import days
from geo_service.intake.mapping.coordinates import number_of
from geo_service.intake.mapping.definition import readable
from geo_service.intake.mapping.places import split_address
from geo_service.intake.mapping.tables import Dates
from geo_service.intake.mapping.vocabulary import Meaning, Vocabulary
from geo_service.intake.records import MAX_NAME, Coverage, GroupResult, Record, Rejection, Remarks, name_of
from geo_service.privacy import without_contacts
from geo_service.settings import Bbox

NAME = "open311"
# Raise when equal requests come to mean something else, so that they are read again.
MEANING = "open311 2"
FOLDERS = (Path("data/services"), Path(geo_service.__file__).parent.parent / "data" / "services")

# What is kept of a request. Whatever else a server sends (reporters, photos) is left behind.
PROPERTIES = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "requested_datetime",
    "updated_datetime", "address", "lat", "long",
)  # fmt: skip
FREE_TEXTS = ("status_notes", "description", "address")
RequestStatus = Literal["open", "closed"]
OPEN = (
    "open", "opened", "new", "submitted", "received", "acknowledged", "in progress", "in_progress", "assigned", "reopened", "re-opened",
    "pending", "nieuw", "ontvangen", "in behandeling", "heropend", "lopend",
)  # fmt: skip
CLOSED = (
    "closed", "resolved", "fixed", "completed", "done", "rejected", "duplicate", "cancelled", "canceled", "archived", "afgehandeld", "afgesloten",
    "gesloten", "opgelost", "hersteld", "geweigerd", "geannuleerd", "dubbel",
)  # fmt: skip
STATUSES: Vocabulary[RequestStatus] = Vocabulary(
    {**dict.fromkeys(OPEN, "open"), **dict.fromkeys(CLOSED, "closed")}
)
"""GeoReport knows open and closed; servers say more. The file of a server may say others."""
FUTURE = timedelta(days=1)
"""So far the clock of a server may be ahead."""


class Services(BaseModel):
    """The meaning of the services of one server, by code or by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = ""
    services: dict[str, RepairCategory] = {}
    urgency: dict[str, Urgency] = {}
    status: dict[str, RequestStatus] = {}
    """The statuses of the server, beside `OPEN` and `CLOSED`."""
    skip: dict[str, str] = {}
    """Services to skip on purpose, with the reason."""
    default: RepairCategory | None = None
    """The meaning of every other service; without it their requests are rejected."""
    meaning: str = ""


@dataclass
class Open311:
    """The requests of the server at `origin`: its root (…/open311/v2), or `…/requests.json` with a query."""

    origin: str
    services: Services
    owner: str
    region: Bbox
    timezone: str = "Europe/Brussels"
    backoff_s: float = BACKOFF_S
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    remarks: Remarks = field(default_factory=Remarks, init=False)
    _addresses: AddressBook = field(default_factory=AddressBook, init=False)
    _zone: ZoneInfo = field(init=False)
    _url: httpx.URL = field(init=False)

    name: ClassVar = NAME
    target: ClassVar[Literal["works", "repairs"]] = "repairs"
    keeps_past: ClassVar = True  # a list goes back 90 days and no further
    merges_repeats: ClassVar = True
    total: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        url = web_address(self.origin)
        if url is None:
            raise InvalidInput.one("origin", "address_invalid.open311")
        self._url, self._zone = url, ZoneInfo(self.timezone)

    @property
    def meaning(self) -> str:
        return f"{MEANING} {self.services.meaning} {self._addresses.meaning}"

    def prepare(self, conn: sa.Connection) -> None:
        """Load the addresses of the city, for requests with only an address."""
        self._addresses = AddressBook.load(conn)

    def records(self) -> Iterator[Record | Rejection]:
        requests = Requests(self._url, now=self.now, backoff_s=self.backoff_s)
        for row, raw in enumerate(requests.all(), start=1):
            yield self._record(row, raw)
        for remark in requests.remarks:
            self.remarks.add(remark)

    def coverage(self) -> Coverage:
        """Never full: a list holds the requests of some days only."""
        return Coverage(full=False, changes=True)

    def build(self, groups: Sequence[Sequence[Record]]) -> list[GroupResult]:
        records = [record for [record] in groups]
        places = [_point(record.raw) for record in records]
        grounds = read_many(places, field="lat, long", region=self.region)
        return [self._build(record, ground) for record, ground in zip(records, grounds, strict=True)]

    def _record(self, row: int, request: Any) -> Record | Rejection:
        if not isinstance(request, Mapping):
            return Rejection(row, None, "not_a_request", None)
        try:
            key = name_of("id", _text(request.get("service_request_id")))
        except InvalidInput as refused:
            return Rejection.of(row, None, refused)
        values = {
            name: _clean_value(name, request[name])
            for name in PROPERTIES
            if request.get(name) not in (None, "")
        }
        key = f"{self._url.host}/{key}"[: MAX_NAME + 1]
        return Record(row, key, key, values)

    def _build(self, record: Record, ground: BaseGeometry | InvalidInput) -> GroupResult:
        try:
            name_of("id", record.key)
            return GroupResult(self._repair(record, ground))
        except InvalidInput as refused:
            return GroupResult(None, [Rejection.of(record.row, record.key, refused)])

    def _repair(self, record: Record, ground: BaseGeometry | InvalidInput) -> RepairDraft:
        request = record.raw
        category, urgency = self._service(request)
        return RepairDraft(
            category=category,
            scope="spot",
            urgency=urgency,
            geometry=self._place(request, ground),
            owner=self.owner,
            description=_text(request.get("description")),
            reported_at=self._report_moment(request),
            report=True,
            closed=self._status(request) == "closed",
            source=NAME,
            source_id=record.key,
        )

    def _service(self, request: Mapping[str, Any]) -> tuple[RepairCategory, Urgency]:
        """The service by code or by name; our own codes need no file. Raises InvalidInput about an unknown
        one.
        """
        names = [
            name for name in (_text(request.get("service_code")), _text(request.get("service_name"))) if name
        ]
        if why := _first(Vocabulary(self.services.skip), names):
            raise InvalidInput.one("service_code", "skipped", words=why)
        categories = Vocabulary({**_CATEGORIES, **self.services.services})
        category = _first(categories, names) or self.services.default
        if category is None:
            reason = "service_unknown.given" if names else "service_unknown"
            raise InvalidInput.one("service_code", reason, given=" / ".join(names))
        return category, _first(Vocabulary(self.services.urgency), names) or "normal"

    def _report_moment(self, request: Mapping[str, Any]) -> datetime:
        text = _text(request.get("requested_datetime"))
        if text is None:
            raise InvalidInput.one("requested_datetime", "date_missing", name="requested_datetime")
        moment = days.read("requested_datetime", text, Dates(), self._zone).first.astimezone(UTC)
        if moment > self.now + FUTURE:
            raise InvalidInput.one("requested_datetime", "date_in_future", given=text[:60])
        return moment

    def _status(self, request: Mapping[str, Any]) -> RequestStatus:
        """The status; a new word counts as open, with a remark. Raises InvalidInput without a word."""
        word = _text(request.get("status"))
        if word is None:
            raise InvalidInput.one("status", "status_unknown.open311", given="")
        status = Vocabulary(self.services.status).get(word) or STATUSES.get(word)
        if status is None:
            self.remarks.unknown("request_status", word)
        return status or "open"

    def _place(self, request: Mapping[str, Any], ground: BaseGeometry | InvalidInput) -> BaseGeometry:
        """The point, or the house of the address. Raises InvalidInput."""
        if _text(request.get("lat")) and _text(request.get("long")):
            for name in ("lat", "long"):
                if _degrees(request.get(name)) is None:
                    raise InvalidInput.one(name, "number_invalid", given=str(request[name])[:40], column=name)
            return geometry_or_raise(ground)
        address = _text(request.get("address"))
        if address is None:
            raise InvalidInput.one("lat, long", "place_missing.columns")
        street_and_number = split_address(address)
        if street_and_number is None:
            raise InvalidInput.one("address", "address_invalid.address", address=address[:60])
        return self._addresses.find(*street_and_number)


_CATEGORIES: dict[str, RepairCategory] = {name: name for name in REPAIR_CATEGORIES}  # type: ignore[misc]


def load_services(name: str | None) -> Services:
    """The file of services called `name`, or at the path `name`; our own services without a name. Raises
    InvalidInput about `mapping`.
    """
    if name is None:
        return Services()
    places = (Path(name), *(folder / f"{name}.toml" for folder in FOLDERS))
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        choices = ", ".join(sorted({one.stem for folder in FOLDERS for one in folder.glob("*.toml")}))
        raise InvalidInput.one("mapping", "mapping_unknown.services", given=name, known=choices)
    text = path.read_text(encoding="utf-8")
    with readable(path.name):
        document = tomllib.loads(text)
        return Services.model_validate({**document, "meaning": hashlib.sha256(text.encode()).hexdigest()})


def _first(words: Vocabulary[Meaning], names: Sequence[str]) -> Meaning | None:
    """The meaning of the first of these names that has one."""
    return next((meaning for name in names if (meaning := words.get(name)) is not None), None)


def _point(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The point of a request, from numbers or texts; None without readable ones."""
    lon, lat = (_degrees(request.get(name)) for name in ("long", "lat"))
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def _degrees(value: Any) -> float | None:
    try:
        return number_of(_text(value) or "")
    except OverflowError:
        return None


def _clean_value(name: str, value: Any) -> Any:
    return without_contacts(value) if name in FREE_TEXTS and isinstance(value, str) else value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(plain(value)).strip() or None
