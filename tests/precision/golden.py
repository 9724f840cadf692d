"""The golden scenarios as situations: an even footpath of a street 12 m wide, the metres of the scenario, nothing left to chance.

Scenarios about alerts, races, lists and money (2, 3, 5, 10, 18) are decided elsewhere: `tests/api/test_golden*.py`.
"""

from __future__ import annotations

from shapely import Point, Polygon, box

from geo_service.domain.repairs import Scope
from geo_service.domain.works import Certainty
from tests.precision.drawn import Days, Record
from tests.precision.situations import Label, Repair, Situation
from tests.precision.streets import Street

PROXIMUS = "Proximus Area 2.1"
FLUVIUS = "Fluvius Kortrijk"
SECTION = box(30, 0, 60, 2)
DAY_THREE: Days = (3, 4)


def situations(first: int) -> list[Situation]:
    """All of them, numbered from `first`."""
    even, odd = box(32, 0, 55, 2), box(32, 10, 55, 12)
    pit, spot = box(40, 0.5, 44, 1.5), Point(42, 1).buffer(0.5)
    crossing = box(44, 0, 45, 12)
    quarter = box(-30, -60, 150, 72)
    soon: Days = (30, 44)
    last_month: Days = (-50, -30)
    later: Days = (114, 128)
    rows: tuple[tuple[str, Label, tuple[Record, ...], Repair | None, bool | None], ...] = (
        ("1 works on the footpath", "block", (_works(even, soon),), _repair(), None),
        ("4 works on the other side", "silent", (_works(odd, soon),), _repair(), False),
        ("6 hole in a finished trench", "inform", (_works(pit, last_month, "done"),), _repair("spot", spot), None),
        ("6 hole a metre beside it", "silent", (_works(pit, last_month, "done"),), _repair("spot", Point(46, 1).buffer(0.5)), False),
        ("7 new footpath, works next month", "inform", (_works(even, soon),), _repair(days=(-30, -29), finished=True), None),
        ("8 works in 20 months, a spot", "inform", (_works(even, (600, 620), "indicative"),), _repair("spot", spot), None),
        ("8 works in 20 months, a section", "inform", (_works(even, (600, 620), "indicative"),), _repair(), None),
        ("9 two owners, ten weeks apart", "silent", (_works(even, soon), _works(even, later, owner=FLUVIUS)), None, True),
        ("12 five-year contract", "inform", (_works(quarter, (-300, 1500)),), _repair(), None),
        ("13 platform, other days", "silent", (_works(even, soon, opens=False),), _repair(), False),
        ("13 platform, same days", "inform", (_works(even, (1, 9), opens=False),), _repair(), None),
        ("14 gas and electricity", "block", (_works(even, soon, owner=FLUVIUS), _works(even, soon, owner=FLUVIUS)), _repair(), None),
        ("15 late to begin", "block", (_works(even, (-21, -7)),), _repair(), None),
        ("16 gone from the feed", "block", (_works(even, soon, vanished=True),), _repair(), None),
        ("17 crossing, hole 8 m further", "silent", (_works(crossing, soon),), _repair("spot", Point(53.5, 1).buffer(0.5)), None),
        ("17 crossing, hole in it", "block", (_works(crossing, soon),), _repair("spot", Point(44.5, 1).buffer(0.5)), None),
    )  # fmt: skip
    numbered = [
        Situation(first + n, f"golden {name}", label, _street(first + n), works, repair, combine, across=name.startswith("4 "))
        for n, (name, label, works, repair, combine) in enumerate(rows)
    ]  # fmt: skip
    return [*numbered, _crane_before_the_fire_station(first + len(rows), soon)]


def _crane_before_the_fire_station(number: int, days: Days) -> Situation:
    crane = _works(box(40, 1, 46, 11), days, opens=False)
    name = "golden 11 crane before the fire station"
    special = ("fire_station", "even", 42)
    return Situation(number, name, "inform", _street(number), (crane,), special=special)


def _street(number: int) -> Street:
    return Street(number, "straight", "sections", 12.0, 2.0, 2.0, None, 0.0, (0.0, 30.0, 60.0, 90.0, 120.0))


def _works(
    ground: Polygon,
    days: Days,
    certainty: Certainty = "planned",
    owner: str = PROXIMUS,
    opens: bool = True,
    vanished: bool = False,
) -> Record:
    kind = "groundworks" if opens else "works"
    return Record(owner, ground, "strip", days, certainty, opens, kind, vanished=vanished)


def _repair(
    scope: Scope = "section", ground: Polygon = SECTION, days: Days = DAY_THREE, finished: bool = False
) -> Repair:
    reported = ground.centroid if scope != "area" else ground
    return Repair(scope, reported, ground, days, finished)
