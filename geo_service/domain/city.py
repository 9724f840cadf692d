"""What a city knows and the service cannot: its owners, layers, materials, departments, crews, school terms and time zone.

The file of a city (`data/cities/*.toml`) holds it; `store.cities` keeps what is in force. Patterns are regular expressions on small letters.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from geo_service.domain.layers import LAYERS, LayerTable
from geo_service.domain.rules import DEPARTMENTS

Material = Literal["natural_stone", "asphalt", "blocks", "tiles", "concrete"]
MATERIALS: tuple[Material, ...] = get_args(Material)
HOURS_IN_A_DAY = 24
OWNER_KINDS = ("utility", "road_authority", "city", "other")

SCHOOL_RULES = ("flanders",)
"""Rules that give the terms of any school year."""

EVENTS = (
    "repair.message_added",
    "advice.changed",
    "repair.hold",
    "feed.stopped",
    "feed.works",
    "feed.repairs",
    "feed.map",
)
"""What a city decides who is told of: messages of citizens, advice and holds of repairs, feeds that stop, and feeds that shrink by what they bring."""


class InvalidCity(ValueError):
    """The city's file cannot be used. The message names the part of the file and says what is wrong."""


@dataclass(frozen=True, slots=True)
class OwnerGroup:
    """One company or authority. `prefixes` are how names of its organisations begin, in small letters."""

    id: str
    name: str
    kind: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Days, half-open, on which schools are open."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Team:
    """A crew that does repairs. `hours_a_day` is how long it works; `start` (lon, lat; None: not said) is where its day begins and ends."""

    id: str
    name: str
    hours_a_day: float
    start: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where citizens reach the city, as the public page says it: a desk, never a person. Each may be empty."""

    phone: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """The data of one city.

    `materials` are patterns on the material of a pavement, in the order in which they are tried. `school_terms` is the name of a rule
    of `SCHOOL_RULES` or the terms themselves. `routing` gives the departments that hear of an event, `rule_departments`
    those of a rule where they differ from the rule's own.
    """

    time_zone: str
    layers: LayerTable
    owner_groups: tuple[OwnerGroup, ...]
    materials: Mapping[Material, str]
    school_terms: str | tuple[Term, ...]
    departments: Mapping[str, str]
    routing: Mapping[str, tuple[str, ...]]
    rule_departments: Mapping[str, tuple[str, ...]]
    teams: tuple[Team, ...] = ()
    contact: Contact = Contact()

    def material_patterns(self) -> dict[str, str]:
        """The patterns by the names of their SQL parameters: `asphalt_pattern`."""
        return {f"{name}_pattern": pattern for name, pattern in self.materials.items()}


def read(content: Mapping[str, Any]) -> City:
    """Check and return the content of a city's file. Raises InvalidCity."""
    try:
        city = City(
            time_zone=content["time_zone"],
            layers=_layers(content["layers"]),
            owner_groups=tuple(
                OwnerGroup(one["id"], one["name"], one["kind"], tuple(one["prefixes"]))
                for one in content["owner_groups"]
            ),
            materials={name: content["materials"][name] for name in MATERIALS},
            school_terms=_terms(content["calendars"]["school"]),
            departments=dict(content["departments"]),
            routing={event: tuple(content["routing"][event]) for event in EVENTS},
            rule_departments={
                rule: tuple(names) for rule, names in content.get("rule_departments", {}).items()
            },
            teams=tuple(_team(one) for one in content.get("teams", ())),
            contact=Contact(**content.get("contact", {})),
        )
    except KeyError as missing:
        raise InvalidCity(f"{missing.args[0]}: is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise InvalidCity(str(error)) from error
    for complaint in _complaints(city):
        raise InvalidCity(complaint)
    return city


def _layers(content: Mapping[str, Any]) -> LayerTable:
    ranks = {layer: rank for rank, row in enumerate(content["order"], start=1) for layer in row}
    words, owners, references = (
        tuple(tuple(row) for row in content.get(part, ())) for part in ("words", "owners", "references")
    )
    return LayerTable(ranks, words, owners, references)


def _team(content: Mapping[str, Any]) -> Team:
    start = content.get("start")
    place = None if start is None else (float(start[0]), float(start[1]))
    return Team(str(content["id"]), str(content["name"]), float(content["hours_a_day"]), place)


def _terms(content: str | Sequence[Mapping[str, Any]]) -> str | tuple[Term, ...]:
    if isinstance(content, str):
        return content
    days = [(str(one["name"]), _day(one["starts_on"]), _day(one["ends_on"])) for one in content]
    return tuple(Term(*one) for one in days)


def _day(value: date | str) -> date:
    """Return the day; TOML gives a date, JSON a text."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _complaints(city: City) -> Iterator[str]:
    yield from _layer_complaints(city.layers)
    yield from _owner_complaints(city.owner_groups)
    yield from _department_complaints(city)
    yield from _calendar_complaints(city)
    yield from _team_complaints(city.teams)
    yield from _contact_complaints(city.contact)
    for name, pattern in city.materials.items():
        yield from _pattern_complaint(f"materials: {name}", pattern)


def _owner_complaints(groups: Sequence[OwnerGroup]) -> Iterator[str]:
    prefixes = [prefix for group in groups for prefix in group.prefixes]
    if repeated := sorted({one for one in prefixes if prefixes.count(one) > 1}):
        yield f"owner_groups: the prefix {repeated[0]!r} stands in two groups"
    for group in groups:
        if group.kind not in OWNER_KINDS:
            yield f"owner_groups: {group.id}: kind: must be one of {', '.join(OWNER_KINDS)}"


def _team_complaints(teams: Sequence[Team]) -> Iterator[str]:
    ids = [team.id for team in teams]
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        yield f"teams: the id {repeated[0]!r} stands twice"
    for team in teams:
        if not 0 < team.hours_a_day <= HOURS_IN_A_DAY:
            yield f"teams: {team.id}: hours_a_day: must be above 0 and at most {HOURS_IN_A_DAY}"
        if team.start and not (-180 <= team.start[0] <= 180 and -90 <= team.start[1] <= 90):
            yield f"teams: {team.id}: start: must be longitude and latitude in degrees"


def _contact_complaints(contact: Contact) -> Iterator[str]:
    patterns = (("phone", r"\+?[\d ./()-]{3,30}"), ("email", r"[^\s@]+@[^\s@]+"), ("url", r"https?://\S+"))
    for name, pattern in patterns:
        value = getattr(contact, name)
        if value and not (isinstance(value, str) and re.fullmatch(pattern, value)):
            yield f"contact: {name}: cannot be used: {value!r}"


def _department_complaints(city: City) -> Iterator[str]:
    if unknown := sorted(set(city.departments) - set(DEPARTMENTS)):
        yield f"departments: there is no department {unknown[0]}; there are: {', '.join(DEPARTMENTS)}"
    for part, rows in (("routing", city.routing), ("rule_departments", city.rule_departments)):
        for event, names in rows.items():
            if absent := sorted(set(names) - set(city.departments)):
                yield f"{part}: {event}: this city has no department {absent[0]}"


def _calendar_complaints(city: City) -> Iterator[str]:
    try:
        zoneinfo.ZoneInfo(city.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield f"time_zone: there is no time zone {city.time_zone!r}"
    if isinstance(city.school_terms, str):
        if city.school_terms not in SCHOOL_RULES:
            yield f"calendars: school: there is no rule {city.school_terms}; there are: {', '.join(SCHOOL_RULES)}"
        return
    for term in city.school_terms:
        if term.starts_on >= term.ends_on:
            yield f"calendars: {term.name}: ends_on must be after starts_on"


def _layer_complaints(table: LayerTable) -> Iterator[str]:
    if unplaced := [layer for layer in LAYERS if layer not in table.ranks]:
        yield f"layers: order: has no place for {', '.join(unplaced)}"
    rows: list[tuple[Any, ...]] = [*table.words, *table.owners, *table.references]
    if unknown := sorted({*table.ranks, *(row[0] for row in rows)} - set(LAYERS)):
        yield f"layers: there is no layer {unknown[0]}; there are: {', '.join(LAYERS)}"
    for layer, *patterns in rows:
        for pattern in patterns:
            yield from _pattern_complaint(f"layers: {layer}", pattern)


def _pattern_complaint(where: str, pattern: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        yield f"{where}: {pattern}: {error}"
