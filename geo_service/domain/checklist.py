"""The first day of a city: what the service needs before people can rely on it, and what of that is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from geo_service.domain.roles import Role

Item = Literal["city", "ground", "feeds", "people", "mail", "prices"]
ITEMS: tuple[Item, ...] = get_args(Item)
ItemState = Literal["done", "partly", "missing"]

GROUND = ("pavements", "buildings", "streets", "house_numbers")
"""What base maps must bring: without pavement no section, without streets and house numbers no search."""
ROLES_AT_WORK: tuple[Role, ...] = ("admin", "coordinator", "utilities_desk", "workshop")
"""Without one of these somebody waits for an answer that nobody gives."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is there: counts of `GROUND`, sources that ever brought works, those that come in on time, the roles of people who can sign in,
    and the parameters that the city set itself. `placeholders` are the parameters that a city must set.
    """

    own_city: bool
    counts: Mapping[str, int]
    feeds: frozenset[str]
    fresh_feeds: frozenset[str]
    roles: frozenset[str]
    mail_server: bool
    placeholders: tuple[str, ...]
    own_parameters: frozenset[str]


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """How far one item is, and the codes of what is missing."""

    item: Item
    state: ItemState
    missing: tuple[str, ...] = field(default=())


def checklist(now: Circumstances) -> tuple[ItemStatus, ...]:
    """Return every item in the order in which a city deals with them."""
    missing = {
        "city": () if now.own_city else ("city_file",),
        "ground": tuple(name for name in GROUND if not now.counts[name]),
        "feeds": _feeds_missing(now),
        "people": tuple(name for name in ROLES_AT_WORK if name not in now.roles),
        "mail": () if now.mail_server else ("mail_server",),
        "prices": tuple(name for name in now.placeholders if name not in now.own_parameters),
    }
    wanted = {
        "ground": GROUND,
        "people": ROLES_AT_WORK,
        "prices": now.placeholders,
        "feeds": ("works", "in_time"),
    }
    return tuple(
        ItemStatus(item, _state(missing[item], wanted.get(item, ("it",))), missing[item]) for item in ITEMS
    )


def _feeds_missing(now: Circumstances) -> tuple[str, ...]:
    if not now.feeds:
        return ("works", "in_time")
    return () if now.fresh_feeds else ("in_time",)


def _state(missing: tuple[str, ...], wanted: Iterable[str]) -> ItemState:
    if not missing:
        return "done"
    return "missing" if len(missing) == len(tuple(wanted)) else "partly"
