"""What counts as opened again, as held needlessly, and as a danger that is too old: by hand, on one section of footpath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shapely import Point, box

from geo_service.demo.model import PavementSection
from geo_service.domain.repairs import Scope, Urgency
from geo_service.simulation.outcome import summary
from geo_service.simulation.tally import Answer, Result, Tally
from geo_service.simulation.town import Defect, Dig, Statement, Year, digs_in
from geo_service.simulation.workshop import Nobody, Workshop
from geo_service.simulation.year import Pair

START = date(2027, 1, 4)
SECTION = PavementSection(
    "V-1", "footpath", "Gentsestraat", "even", 2, 20, "tiles", date(2000, 1, 1), box(0, 0, 30, 2)
)


def day(number: int) -> date:
    return START + timedelta(days=number)


def defect(scope: Scope = "section", urgency: Urgency = "normal", reported: int = 0) -> Defect:
    return Defect("D-1", SECTION, Point(5, 1), "loose_slab", scope, urgency, day(reported), day(reported))


def dig(days: tuple[int, int] | None, known: int | None = -10, x: float = 0, length_m: float = 30) -> Dig:
    stated = days or (20, 30)
    said = () if known is None else (Statement(day(known), "planned", day(stated[0]), day(stated[1])),)
    ground = box(x, 0, x + length_m, 1)
    opens, closes = (day(days[0]), day(days[1])) if days else (None, None)
    return Dig("1", "Proximus", "Telecom", "groundworks", None, "t", ground, ground, said, opens, closes)


def tally(defects: Sequence[Defect], digs: Sequence[Dig], days: int = 100) -> Tally:
    year = Year(1, START, days, tuple(digs), tuple(defects), frozenset())
    return Tally(year, {one.key: digs_in(one, digs) for one in defects})


def after(one: Defect, works: Dig, done: int, days: int = 100) -> Result:
    counted = tally([one], [works], days)
    counted.finish(one, day(done))
    return counted.result()


@pytest.mark.parametrize(
    ("works", "done", "causes"),
    [
        (dig((20, 30)), 5, ["known"]),
        (dig((20, 30), known=10), 5, ["later"]),
        (dig((6, 9), known=5), 2, ["sudden"]),
        (dig((7, 9), known=5), 2, ["sudden"]),
        (dig((8, 9), known=5), 2, ["later"]),
        (dig((20, 30), known=20), 5, ["unannounced"]),
        (dig((20, 30), known=None), 5, ["unannounced"]),
        (dig((20, 30)), 20, []),
        (dig((20, 30)), 40, []),
        (dig(None), 5, []),
        (dig((20, 30), x=31), 5, []),
    ],
    ids=[
        "known",
        "later",
        "on Saturday for Sunday",
        "on Saturday for Monday",
        "on Saturday for Tuesday",
        "as it began",
        "never told",
        "same day",
        "before it",
        "never came",
        "elsewhere",
    ],
)
def test_works_after_a_repair_on_its_ground_open_it_again(works: Dig, done: int, causes: list[str]) -> None:
    assert [one.cause for one in after(defect(), works, done).reopenings] == causes


def test_what_comes_after_the_last_day_does_not_count() -> None:
    assert after(defect(), dig((20, 30)), 5, days=20).reopenings == ()
    assert len(after(defect(), dig((20, 30)), 5, days=21).reopenings) == 1


def test_a_patch_has_had_its_life_after_two_years() -> None:
    spot = defect("spot")
    assert len(after(spot, dig((730, 740)), 5, days=900).reopenings) == 1
    assert after(spot, dig((735, 740)), 5, days=900).reopenings == ()
    assert len(after(defect(), dig((735, 740)), 5, days=900).reopenings) == 1


def test_what_is_lost_is_the_share_that_is_cut_with_its_margin_of_the_life_that_is_left() -> None:
    [whole] = after(defect(), dig((5 + 731, 740), length_m=30), 5, days=900).reopenings
    assert whole.eur == pytest.approx(60 * 120 * (1 - 731 / 7305))
    [part] = after(defect(), dig((6, 7), x=10, length_m=1), 5).reopenings
    assert part.eur == pytest.approx(120 * (2 * 1.5 - 0.25 * (4 - 3.14) / 2) * (1 - 1 / 7305), rel=0.05)


def test_works_that_kept_out_of_a_section_open_none_of_the_repairs_in_it() -> None:
    section, spot = defect(), replace(defect("spot"), key="D-2")
    counted = tally([section, spot], [dig((20, 30))])
    counted.finish(section, day(5))
    counted.finish(spot, day(6))
    assert len(counted.result().reopenings) == 2
    counted.spare("1", box(0, 0, 12, 2))
    assert [one.defect.key for one in counted.result().reopenings] == ["D-1"]
    counted.spare("1", box(11, 0, 30, 2))
    assert counted.result().reopenings == ()


@pytest.mark.parametrize(
    ("works", "needless"), [(dig((20, 30)), 0), (dig((0, 4)), 1), (dig((0, 5)), 0), (dig(None), 1)]
)
def test_waiting_was_needless_when_no_works_were_there_or_came(works: Dig, needless: int) -> None:
    counted = tally([defect()], [works])
    counted.wait(defect(), day(4))
    counted.wait(defect(), day(90))
    result = counted.result()
    assert (result.held, result.held_needlessly) == (1, needless)


@pytest.mark.parametrize(("secured", "too_old"), [(3, 0), (4, 0), (5, 1), (None, 1)])
def test_a_danger_is_too_old_after_a_day(secured: int | None, too_old: int) -> None:
    danger = defect(urgency="danger", reported=3)
    counted = tally([danger], [])
    if secured is not None:
        counted.secure(danger, day(secured))
    assert counted.result().danger_older_than_a_day == too_old


def test_without_the_service_a_crew_repairs_what_is_due_and_turns_back_at_an_open_trench() -> None:
    one, works = defect(), dig((2, 8))
    counted = tally([one], [works])
    workshop = Workshop(Nobody(), counted.digs_of, counted, a_day=1, plan_days=3)
    for number in range(30):
        workshop.day(day(number), [one] if number == 0 else [])
    assert counted.finished == {
        "D-1": day(10)
    }  # planned for Thursday, when it is open; a week later it is a Thursday


def test_a_danger_goes_first_and_at_the_weekend() -> None:
    danger = defect(urgency="danger", reported=5)
    counted = tally([danger], [])
    workshop = Workshop(Nobody(), counted.digs_of, counted, a_day=1, plan_days=3)
    workshop.day(day(5), [danger])
    assert day(5).weekday() == 5
    assert counted.finished == counted.secured == {"D-1": day(5)}


def test_the_summary_adds_up() -> None:
    bad = after(defect(), dig((20, 30)), 5)
    good = tally([defect()], [dig((20, 30))])
    good.wait(defect(), day(2))
    good.finish(defect(), day(30))
    done = good.result({"nutsen": 50, "werkplaatsen": 100})
    told = summary([Pair(4, bad, done), Pair(5, bad, bad)], 100)
    assert told["seeds"] == [4, 5]
    assert (told["without"]["reopened"], told["with"]["reopened"]) == (2, 1)
    assert told["fewer_reopened_share"] == told["fewer_announced_share"] == 0.5
    assert told["without"]["reopened_by"] == {"known": 2, "later": 0, "sudden": 0, "unannounced": 0}
    assert told["with"]["alerts_by_desk"] == {"nutsen": 0.25, "werkplaatsen": 0.5}
    assert told["with"]["alerts_per_desk_day"] == 0.38
    assert (told["held_needlessly_share"], told["held_needlessly_of_held_share"]) == (0, 0)
    assert told["with"]["days_waited_median"] == 17.5
    assert summary([], 10)["fewer_reopened_share"] == 0.0


@pytest.mark.parametrize(
    ("works", "answer", "shares", "exceptions"),
    [
        (dig((20, 30), known=10), "cannot", (0.5, 0.5, 0.5), 1),
        (dig((7, 9), known=5), "begun", (0.5, 0.5, 1), 0),
        (dig((20, 30), known=20), "begun", (0.5, 1, 1), 0),
    ],
)
def test_each_repair_that_is_opened_all_the_same_is_named_with_what_was_known_and_who_was_asked(
    works: Dig, answer: Answer, shares: tuple[float, float, float], exceptions: int
) -> None:
    before = after(defect(), dig((20, 30)), 5)
    counted = tally([defect()], [works])
    counted.finish(defect(), day(2), "repair")
    counted.ask("D-1", "1", day(11), answer)

    told = summary([Pair(4, before, counted.result()), Pair(5, before, tally([defect()], []).result())], 100)

    names = ("fewer_reopened_share", "fewer_announced_share", "fewer_avoidable_share")
    assert tuple(told[name] for name in names) == shares
    assert told["exceptions"] == exceptions
    [row] = told["reopenings"]
    assert (row["seed"], row["verdict"], row["finished_on"]) == (4, "repair", "2027-01-06")
    assert (row["question_on"], row["answer"]) == ("2027-01-15", answer)


@pytest.mark.parametrize(("first", "old"), [(0, 0), (1, 0), (2, 1)])
def test_a_danger_at_which_no_crew_may_begin_is_too_old_after_a_day(first: int, old: int) -> None:
    class Strict(Nobody):
        def may_begin(self, defect: Defect, on: date) -> bool:
            return on >= day(first)

    danger = defect("spot", "danger")
    counted = tally([danger], [])
    workshop = Workshop(Strict(), {danger.key: []}, counted, a_day=1, plan_days=3)
    for number in range(4):
        workshop.day(day(number), [danger] if number == 0 else [])
    assert counted.result().danger_older_than_a_day == old
