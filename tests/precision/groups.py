"""The groups of situations with a repair: where, when, how sure, and what must follow. One row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from geo_service.domain.repairs import Scope
from tests.precision import places
from tests.precision.drawn import CITY, Days, Record, Trench, occupancy, register
from tests.precision.places import Place, within
from tests.precision.situations import Label, Situation, draw_repair
from tests.precision.streets import Form, Known, Street, draw_street

When = Callable[[Random], tuple[Days, Days]]
Statement = Callable[[Record, Random], Record]

EVERY_FORM: tuple[Form, ...] = ("straight", "straight", "curved", "corner", "cul_de_sac", "square")
CLOSE: tuple[Form, ...] = ("straight", "straight", "curved", "corner", "cul_de_sac")
PLAIN: tuple[Form, ...] = ("straight", "straight", "curved")
SCOPES: tuple[Scope, ...] = ("section", "section", "spot", "area")


# When: the repair's days and the works' days, counted from today.


def soon_after(chance: Random) -> tuple[Days, Days]:
    repair = _repair(chance)
    start = repair[1] + chance.randint(5, 130)
    return repair, (start, start + chance.randint(3, 40))


def same_days(chance: Random) -> tuple[Days, Days]:
    repair = _repair(chance, 8)
    return repair, (repair[0] - chance.randint(1, 5), repair[1] + chance.randint(1, 15))


def in_the_window(chance: Random) -> tuple[Days, Days]:
    """A connection takes a day; its window lasts one to four weeks, and nobody knows which day."""
    repair = _repair(chance, 12)
    start = repair[0] - chance.randint(1, 10)
    return repair, (start, max(start + chance.randint(7, 28), repair[1] + 1))


def begins_as_it_ends(chance: Random) -> tuple[Days, Days]:
    repair = _repair(chance)
    return repair, (repair[1], repair[1] + chance.randint(3, 30))


def ends_as_it_begins(chance: Random) -> tuple[Days, Days]:
    repair = _repair(chance, 40)
    return repair, (repair[0] - chance.randint(3, 30), repair[0])


def long_before(chance: Random) -> tuple[Days, Days]:
    works = (chance.randint(2, 30), chance.randint(35, 50))
    start = works[1] + chance.randint(30, 60)
    return (start, start + 2), works


def far_ahead(chance: Random) -> tuple[Days, Days]:
    start = chance.randint(240, 500)
    return _repair(chance), (start, start + chance.randint(5, 60))


def late_to_begin(chance: Random) -> tuple[Days, Days]:
    return _repair(chance), (-chance.randint(5, 40), chance.randint(1, 20))


def nearly_done(chance: Random) -> tuple[Days, Days]:
    repair = (chance.randint(1, 3), chance.randint(4, 6))
    return repair, (-chance.randint(5, 20), chance.randint(8, 14))


def just_finished(chance: Random) -> tuple[Days, Days]:
    end = -chance.randint(15, 300)
    return _repair(chance), (end - chance.randint(3, 20), end)


def after_it_was_done(chance: Random) -> tuple[Days, Days]:
    done, start = -chance.randint(20, 300), chance.randint(10, 150)
    return (done, done + 1), (start, start + chance.randint(3, 30))


def for_years(chance: Random) -> tuple[Days, Days]:
    return _repair(chance), (-chance.randint(50, 300), chance.randint(900, 1500))


def _repair(chance: Random, earliest: int = 2) -> Days:
    start = chance.randint(earliest, earliest + 18)
    return start, start + chance.randint(1, 3)


# Told: how the record differs from planned works of a utility.


def firmly(record: Record, chance: Random) -> Record:
    return replace(record, certainty=chance.choice(("planned", "planned", "confirmed")))


def confirmed(record: Record, chance: Random) -> Record:
    return replace(record, certainty="confirmed")


def running(record: Record, chance: Random) -> Record:
    return replace(record, certainty="in_progress")


def as_a_wish(record: Record, chance: Random) -> Record:
    return replace(record, certainty="indicative")


def cancelled(record: Record, chance: Random) -> Record:
    return replace(record, certainty="cancelled")


def finished(record: Record, chance: Random) -> Record:
    return replace(record, certainty="done")


def room_only(record: Record, chance: Random) -> Record:
    return occupancy(record)


def gone_from_the_feed(record: Record, chance: Random) -> Record:
    return replace(record, vanished=True)


def by_the_city(record: Record, chance: Random) -> Record:
    return replace(firmly(record, chance), owner=CITY)


def slipped_here(record: Record, chance: Random) -> Record:
    """An earlier import said days that were over before the repair; now they come after it."""
    return replace(record, before=(-60, -50))


def slipped_away(record: Record, chance: Random) -> Record:
    """An earlier import said next month; now it is beyond what may hold."""
    return replace(record, before=(25, 35))


@dataclass(frozen=True, slots=True)
class Group:
    """`count` situations of one making, and what must follow from it."""

    name: str
    count: int
    label: Label
    place: Place
    when: When
    told: Statement = firmly
    forms: tuple[Form, ...] = EVERY_FORM
    scopes: tuple[Scope, ...] = SCOPES
    narrow: bool = False
    opportunity: bool | None = None
    across: bool = False
    nearby: bool | None = None


SPOT: tuple[Scope, ...] = ("spot",)
WIDE: tuple[Scope, ...] = ("section", "area")

GROUPS = (
    Group("trench through it, works after", 28, "block", places.along_it, soon_after),
    Group("trench through it, same days", 12, "block", places.along_it, same_days),
    Group("trench through it, running", 8, "block", places.along_it, nearly_done, running, opportunity=True),
    Group("connection in it, in its window", 14, "block", places.pit_in_it, in_the_window),
    Group("connection in it, works after", 8, "block", places.pit_in_it, soon_after),
    Group("crossing through it", 12, "block", places.through_it, soon_after),
    Group("whole street", 10, "block", places.all_of_it, soon_after),
    Group("trench ends at its edge", 10, "block", places.at_its_edge, soon_after),
    Group("works begin as it ends", 6, "block", places.along_it, begins_as_it_ends),
    Group("works late to begin", 8, "block", places.along_it, late_to_begin),
    Group("works gone from the feed", 6, "block", places.along_it, soon_after, gone_from_the_feed),
    Group("works slipped to after it", 6, "block", places.along_it, soon_after, slipped_here),
    Group("works of the city itself", 6, "block", places.along_it, soon_after, by_the_city),
    Group("works not sure", 10, "inform", places.along_it, soon_after, as_a_wish),
    Group("works far ahead", 8, "inform", places.along_it, far_ahead),
    Group("works slipped far ahead", 6, "inform", places.along_it, far_ahead, slipped_away),
    Group("umbrella contract", 8, "inform", places.over_the_quarter, for_years),
    Group("platform on it, same days", 10, "inform", places.along_it, same_days, room_only),
    Group("hole in a finished trench", 12, "inform", places.along_it, just_finished, finished, scopes=SPOT),
    Group("finished repair, works later", 10, "inform", places.along_it, after_it_was_done, scopes=WIDE),
    Group("other side", 24, "silent", places.opposite, soon_after, opportunity=False, across=True),
    Group(
        "other side, narrow street",
        24,
        "silent",
        places.opposite,
        soon_after,
        forms=CLOSE,
        narrow=True,
        opportunity=False,
        across=True,
        nearby=True,
    ),
    Group("other side, same days", 12, "silent", places.opposite, same_days, opportunity=False, across=True),
    Group(
        "connection on the other side",
        12,
        "silent",
        places.pit_opposite,
        in_the_window,
        opportunity=False,
        across=True,
    ),
    Group("carriageway", 16, "silent", places.in_the_carriageway, soon_after, forms=PLAIN),
    Group("further on", 16, "silent", places.further_on, soon_after, nearby=True),
    Group("just beyond", 10, "silent", places.next_to_it, soon_after, nearby=True),
    Group("crossing further on", 12, "silent", places.crossing_further_on, soon_after, nearby=True),
    Group(
        "round the corner", 12, "silent", places.round_the_corner, soon_after, forms=("corner",), nearby=True
    ),
    Group(
        "behind the houses",
        6,
        "silent",
        places.behind_the_houses,
        soon_after,
        opportunity=False,
        nearby=False,
    ),
    Group("far away", 6, "silent", places.far_away, soon_after, opportunity=False, nearby=False),
    Group("works long before", 10, "silent", places.along_it, long_before, opportunity=False),
    Group("works end as it begins", 8, "silent", places.along_it, ends_as_it_begins, confirmed),
    Group("cancelled works", 6, "silent", places.along_it, soon_after, cancelled, opportunity=False),
    Group(
        "platform on it, other days", 8, "silent", places.along_it, soon_after, room_only, opportunity=False
    ),
    Group(
        "hole beside a finished trench", 10, "silent", places.further_on, just_finished, finished, scopes=SPOT
    ),
    Group("whole street drawn, trench opposite", 8, "silent", places.opposite, soon_after),
)
LAZY = "whole street drawn, trench opposite"


def build(group: Group, number: int, seed: int, exact: bool = False, known: Known | None = None) -> Situation:
    """Situation `number` of `group`: the same for the same seed. `exact` and `known` change only how well it was recorded."""
    chance = Random(f"{seed}/{number}")
    street = draw_street(chance, number, chance.choice(group.forms), group.narrow, known)
    near_the_end = street.form in ("corner", "cul_de_sac")
    x = street.end - chance.uniform(5, 9) if near_the_end else chance.uniform(60, 75)
    days, works_days = group.when(chance)
    repair = draw_repair(chance, street, chance.choice(group.scopes), x, days)
    trench = within(street, group.place(chance, street, repair))
    record = register(chance, street, _as_told(group, street, trench, exact), works_days, exact)
    return Situation(
        number=number,
        group=group.name,
        label=group.label,
        street=street,
        works=(group.told(record, chance),),
        repair=replace(repair, finished=days[0] < 0),
        opportunity=group.opportunity,
        across=group.across,
        nearby=group.nearby,
    )


def _as_told(group: Group, street: Street, trench: Trench, exact: bool) -> Trench:
    """Some owners draw the whole street, whatever they open."""
    if group.name != LAZY or exact:
        return trench
    west, _, east, _ = trench.ground.bounds
    return Trench(places.box(west, 0, east, street.width_m), "street")
