"""Situations without a repair: two works, works before a door, works upon works in one street."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from shapely import box

from tests.precision import places
from tests.precision.drawn import OWNERS, Days, Record, Trench, register
from tests.precision.groups import EVERY_FORM, PLAIN
from tests.precision.situations import Label, Repair, Situation, draw_repair
from tests.precision.streets import Form, Known, Street, draw_street

Draw = Callable[[Random, Street, Repair, bool], tuple[Record, ...]]

SOON: Days = (20, 34)


def together(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """Two owners open the same stretch in the same days."""
    return _two(chance, street, here, places.along_it, (SOON, (25, 45)), exact)


def across_from_each_other(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The same days, each its own footpath."""
    return _two(chance, street, here, places.opposite, (SOON, (25, 45)), exact)


def weeks_apart(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """Two owners open the same stretch, ten weeks apart."""
    return _two(chance, street, here, places.along_it, (SOON, _later(chance, 40, 80)), exact)


def weeks_apart_across(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """Weeks apart, each its own footpath: no trench to share."""
    return _two(chance, street, here, places.opposite, (SOON, _later(chance, 40, 80)), exact)


def years_apart(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The same stretch, but two years apart."""
    return _two(chance, street, here, places.along_it, (SOON, _later(chance, 700, 800)), exact)


def far_apart(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The same street and season, thirty metres apart."""
    return _two(chance, street, here, places.far_away, (SOON, _later(chance, 40, 80)), exact)


def one_owner(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The same stretch twice, by one owner."""
    first, second = _two(chance, street, here, places.along_it, (SOON, (25, 45)), exact)
    return first, replace(second, owner=first.owner)


def before_the_door(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """A trench along the front of the building, over its whole width."""
    return (register(chance, street, _along_front(street, chance), SOON, exact),)


def across_from_the_door(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The same in the other footpath, with the carriageway between."""
    return (register(chance, street, places.opposite(chance, street, here), SOON, exact),)


def street_before_the_door(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """The whole street before it."""
    return (register(chance, street, places.all_of_it(chance, street, here), SOON, exact),)


def five_in_a_year(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """Five owners one after the other, each somewhere else in the street."""
    return _one_after_the_other(chance, street, 5, exact)


def two_in_a_year(chance: Random, street: Street, here: Repair, exact: bool) -> tuple[Record, ...]:
    """Two of them: a street as others."""
    return _one_after_the_other(chance, street, 2, exact)


@dataclass(frozen=True, slots=True)
class PairGroup:
    """`count` situations of one making. `function` is that of the house in front."""

    name: str
    count: int
    label: Label
    draw: Draw
    opportunity: bool | None = None
    function: tuple[str, ...] = ()
    forms: tuple[Form, ...] = EVERY_FORM


PAIR_GROUPS = (
    PairGroup("two owners, same stretch and days", 10, "inform", together),
    PairGroup("two owners, same days, each its side", 8, "silent", across_from_each_other, opportunity=False),
    PairGroup("two owners, same stretch, weeks apart", 12, "silent", weeks_apart, opportunity=True),
    PairGroup("two owners, weeks apart, each its side", 8, "silent", weeks_apart_across, opportunity=False),
    PairGroup("two owners, years apart", 6, "silent", years_apart, opportunity=False),
    PairGroup("two owners, thirty metres apart", 6, "silent", far_apart, opportunity=False),
    PairGroup("one owner twice", 6, "silent", one_owner, opportunity=False),
    PairGroup(
        "before a fire station or school",
        8,
        "inform",
        before_the_door,
        function=("fire_station", "school", "care_home"),
    ),
    PairGroup(
        "whole street before a fire station",
        6,
        "inform",
        street_before_the_door,
        function=("fire_station", "hospital"),
    ),
    PairGroup("before a house", 6, "silent", before_the_door, function=("residential",)),
    PairGroup("across from a school", 8, "silent", across_from_the_door, function=("school", "care_home")),
    PairGroup("five digs in a year", 6, "inform", five_in_a_year, forms=PLAIN),
    PairGroup("two digs in a year", 6, "silent", two_in_a_year, forms=PLAIN),
)


def build_pair(
    group: PairGroup, number: int, seed: int, exact: bool = False, known: Known | None = None
) -> Situation:
    """Situation `number` of `group`; as `groups.build`."""
    chance = Random(f"{seed}/{number}")
    street = draw_street(chance, number, chance.choice(group.forms), known=known)
    x = chance.uniform(60, 75)
    here = draw_repair(chance, street, "area", x, SOON)
    special = (chance.choice(group.function), "even", x) if group.function else None
    return Situation(
        number=number,
        group=group.name,
        label=group.label,
        street=street,
        works=group.draw(chance, street, here, exact),
        opportunity=group.opportunity,
        special=special,
    )


def _two(
    chance: Random, street: Street, here: Repair, place: places.Place, days: tuple[Days, Days], exact: bool
) -> tuple[Record, ...]:
    """One trench along the stretch, and one where `place` says, of different owners."""
    one = register(chance, street, places.along_it(chance, street, here), days[0], exact)
    other = register(chance, street, place(chance, street, here), days[1], exact)
    owners = chance.sample(OWNERS, 2)
    return replace(one, owner=owners[0]), replace(other, owner=owners[1])


def _later(chance: Random, least: int, most: int) -> Days:
    start = SOON[1] + chance.randint(least, most)
    return start, start + 14


def _along_front(street: Street, chance: Random) -> Trench:
    middle = chance.uniform(0.3, street.even_m - 0.3)
    return Trench(box(55, middle - places.HALF_M, 85, middle + places.HALF_M))


def _one_after_the_other(chance: Random, street: Street, digs: int, exact: bool) -> tuple[Record, ...]:
    records = []
    for place in range(digs):
        start, middle = 3 + place * 20, chance.uniform(0.3, street.even_m - 0.3)
        ground = box(start, middle - places.HALF_M, start + 12, middle + places.HALF_M)
        days = (10 + place * 40, 20 + place * 40)
        records.append(
            replace(register(chance, street, Trench(ground), days, exact), owner=OWNERS[place % len(OWNERS)])
        )
    return tuple(records)
