"""The schedules of the stream become days; one that makes no sense is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from geo_service.domain.errors import InvalidInput
from geo_service.intake.sources.schedules import occurrences
from tests.intake.conftest import Import, write_json
from tests.intake.gipod_stream import DAYS, THURSDAYS, Rows, member


def test_a_schedule_becomes_the_days_it_names(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    take_in("gipod-ldes", write_json(tmp_path / "page.json", [member(period=[], timeSchedule=THURSDAYS)]))

    assert rows(DAYS) == [
        ("2026-10-01", "2026-10-02"),
        ("2026-10-08", "2026-10-09"),
        ("2026-10-22", "2026-10-23"),
    ]


def test_a_monthly_schedule_lasts_as_long_as_it_says() -> None:
    monthly = {"startDate": "2023-10-15", "endDate": "2023-10-17", "repeatFrequency": "P1M", "repeatCount": 4, "startTime": "11:09Z", "endTime": "11:09Z",
               "duration": "P2D", "byMonth": [1, 3, 6, 10], "exceptDate": ["2024-03-15"]}  # fmt: skip

    found = [(starts.isoformat(), (ends - starts).days) for starts, ends in occurrences(monthly)]

    assert found == [(f"{day}T11:09:00+00:00", 2) for day in ("2023-10-15", "2024-01-15", "2024-06-15")]


@pytest.mark.parametrize(
    "wrong",
    [{"repeatFrequency": "often"}, {"startDate": "someday"}, {"byDay": ["Donderdag"]}, {"byMonth": [13]}, {"startTime": "noon"}, {"until": "never"},
     {"repeatFrequency": "P0D"}, {"duration": "P99999999999D"}, {"startDate": "9999-12-31", "endDate": "9999-12-31"},
     {"byMonth": [2], "byMonthDay": ["9" * 5000]}],
    ids=lambda wrong: str(wrong)[:40],
)  # fmt: skip
def test_a_schedule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        occurrences({**THURSDAYS, **wrong})
    assert refused.value.errors[0].field == "timeSchedule"


@pytest.mark.parametrize("none", ["x", 5, True, ["P1W"]], ids=str)
def test_what_is_no_schedule_is_refused(none: Any) -> None:
    with pytest.raises(InvalidInput, match=r"the schedule .* is none"):
        occurrences(none)


def test_a_rule_that_never_comes_true_has_no_days() -> None:
    never = {
        "repeatFrequency": "P1D",
        "byMonth": [2],
        "byMonthDay": [30],
        "byDay": None,
        "repeatCount": 5,
        "until": None,
    }
    assert occurrences({**THURSDAYS, **never}) == []


@pytest.mark.parametrize("at", ["start", "end", "generatedAtTime"])
@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_one_day_beyond_the_calendar_is_one_member_left_out(
    take_in: Import, tmp_path: Path, at: str, when: str
) -> None:
    other = member(2)
    if at == "generatedAtTime":
        other[at] = when
    else:
        other["period"] = [{**other["period"][0], at: when}]
    report = take_in("gipod-ldes", write_json(tmp_path / "page.json", {"items": [member(1), other]}))
    assert report.created + report.rejected == report.read == 2


WEEKLY = {"startDate": "2027-03-01", "startTime": "08:00Z", "repeatFrequency": "P1W"}


@pytest.mark.parametrize(
    ("says", "days", "hours"),
    [
        ({"endTime": "12:00Z", "duration": "PT4H", "until": "2027-03-15"}, ["01", "08", "15"], 4),
        ({"endTime": "12:00Z", "until": "2027-03-08T12:00:00Z"}, ["01", "08"], 4),
        ({"endTime": "02:00Z", "until": "2027-03-08T12:00:00Z"}, ["01", "08"], 18),
        ({"endTime": "12:00Z", "endDate": "2027-03-15", "until": None}, ["01", "08", "15"], 4),
        ({"endDate": "2027-03-02", "endTime": "08:00Z", "repeatCount": 2}, ["01", "08"], 24),
        (
            {"startTime": "23:30Z", "until": "2027-03-15", "exceptDate": ["2027-03-09"], "duration": "PT1H"},
            ["01"],
            1,
        ),
    ],
    ids=str,
)
def test_the_last_day_counts_and_an_end_has_its_hour(
    says: dict[str, Any], days: list[str], hours: int
) -> None:
    found = occurrences({**WEEKLY, **says}, ZoneInfo("Europe/Brussels"))
    assert [f"{starts:%d}" for starts, _ in found] == days
    assert {(ends - starts).total_seconds() / 3600 for starts, ends in found} == {hours}


def test_a_duration_without_a_fixed_length_is_refused() -> None:
    with pytest.raises(InvalidInput, match="duration"):
        occurrences({**WEEKLY, "duration": "P1M", "repeatCount": 2})
