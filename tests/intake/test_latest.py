"""Until when a repair may wait comes out of a programme's own column and words, and its remark stays as it was written."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.intake.mapping.deadlines import LatestRule, words_of
from geo_service.intake.mapping.definition import parse_mapping
from tests.intake.conftest import Import, counts, write_json
from tests.intake.innames import ground

END = LatestRule(pattern="niet uit te stellen|ne peut être postposé", day="planned_end")
MONTH = LatestRule(pattern=r"(?:vóór|avant|before) (?P<month>\w+)(?: (?P<year>\d{4}))?", day="before_month")
YEAR = Period(date(2027, 1, 1), date(2028, 1, 1))

MAPPING = """
about = "test"
source = "programme"
target = "repairs"
[fields]
id = { from = ["Nr"] }
owner = { from = ["Owner"] }
starts_on = { from = ["From"] }
ends_on = { from = ["To"] }
remark = { from = ["Remark"] }
latest_on = { from = ["Latest"] }
[dates]
formats = ["iso", "%d/%m/%Y"]
[[latest]]
pattern = "niet uit te stellen"
day = "planned_end"
"""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Niet  uit te stellen!", date(2027, 12, 31)),
        ("Ne peut etre postpose", date(2027, 12, 31)),
        ("school: vóór april", date(2027, 3, 31)),
        ("voor april", date(2027, 3, 31)),
        ("AVANT FÉVRIER 2028", date(2028, 1, 31)),
        ("avant fevrier 2028", date(2028, 1, 31)),
        ("before 03", date(2027, 2, 28)),
        ("before January", date(2026, 12, 31)),
    ],
)
def test_words_say_until_when(text: str, day: date) -> None:
    assert words_of([END, MONTH], text, YEAR) == [day]


@pytest.mark.parametrize("text", ["", "uit te stellen", "vóór de start van de school", "april", "before 13"])
def test_other_words_say_nothing(text: str) -> None:
    assert words_of([END, MONTH], text, YEAR) == []


def test_planned_over_new_year_the_month_is_that_of_the_end() -> None:
    assert words_of([MONTH], "vóór april", Period(date(2026, 11, 1), date(2027, 2, 1))) == [date(2027, 3, 31)]


def test_without_planned_days_words_give_no_day_but_a_named_year_does() -> None:
    assert words_of([END, MONTH], "niet uit te stellen, avant mai", None) == [None, None]
    assert words_of([MONTH], "avant mai 2027", None) == [date(2027, 4, 30)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('pattern = "(vóór"\nday = "planned_end"', "pattern_invalid"),
        ('pattern = "vóór april"\nday = "before_month"', "latest_month"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_by_name(rule: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_mapping(f"{MAPPING}\n[[latest]]\n{rule}\n", "programme.toml")
    (first,) = refused.value.errors[0].params["findings"]
    assert (first["where"], first["code"]) == ("latest.1", code)


def test_works_have_no_last_day() -> None:
    with pytest.raises(InvalidInput, match="only repairs"):
        parse_mapping(
            MAPPING.replace('"repairs"', '"works"').replace('latest_on = { from = ["Latest"] }', ""), "p.toml"
        )


@pytest.fixture
def programme(take_in: Import, tmp_path: Path) -> Any:
    """Import one renewal with these properties."""
    told = tmp_path / "programme.toml"
    told.write_text(MAPPING, encoding="utf-8")

    def run(mapping: str = str(told), **more: str) -> Any:
        properties = {"Nr": "1", "Owner": "Stad Izegem", "From": "2026-10-01", "To": "2026-10-31", **more}
        features = [{"type": "Feature", "geometry": ground(0), "properties": properties}]
        file = write_json(tmp_path / "p.geojson", {"type": "FeatureCollection", "features": features})
        return counts(take_in("repairs", file, mapping=mapping))

    return run


STORED = "SELECT latest_on, remark FROM repairs"


@pytest.mark.parametrize(
    ("more", "stored"),
    [
        ({}, (None, None)),
        ({"Latest": "15/10/2026"}, (date(2026, 10, 15), None)),
        ({"Latest": "niet uit te stellen"}, (date(2026, 10, 31), None)),
        ({"Remark": "School. Niet uit te stellen"}, (date(2026, 10, 31), "School. Niet uit te stellen")),
        (
            {"Latest": "2026-10-20", "Remark": "niet uit te stellen"},
            (date(2026, 10, 20), "niet uit te stellen"),
        ),
        (
            {"Remark": "bel jan.peeters@izegem.be of 051 33 73 00"},
            (None, "bel [e-mail] of [tel.]"),
        ),
    ],
)
def test_a_column_or_the_remark_says_until_when(programme: Any, rows: Any, more: Any, stored: Any) -> None:
    assert programme(**more) == {"read": 1, "created": 1}
    assert rows(STORED) == [stored]
    assert programme(**more) == {"read": 1, "unchanged": 1}


def test_a_last_day_that_is_neither_a_day_nor_known_words_is_rejected_by_name(
    programme: Any, rows: Any
) -> None:
    assert programme(Latest="zo snel mogelijk") == {"read": 1, "rejected": 1}
    assert rows("SELECT code, field FROM import_rejections") == [("date_invalid", "latest_on")]


def test_a_remark_that_changes_changes_the_repair(programme: Any, rows: Any) -> None:
    programme(Remark="niet uit te stellen")
    assert programme(Remark="mag wachten") == {"read": 1, "changed": 1}
    assert rows(STORED) == [(None, "mag wachten")]


def test_what_a_person_said_stays_where_the_source_does_not_speak_of_it(
    programme: Any, rows: Any, city: sa.Engine, tmp_path: Path
) -> None:
    silent = tmp_path / "silent.toml"
    silent.write_text(
        MAPPING.split("[[latest]]")[0].replace('latest_on = { from = ["Latest"] }', ""), encoding="utf-8"
    )
    programme(str(silent))
    with city.begin() as conn:
        conn.execute(sa.text("UPDATE repairs SET latest_on = '2026-10-10'"))
    assert programme(str(silent), Remark="boom") == {"read": 1, "changed": 1}
    assert rows(STORED) == [(date(2026, 10, 10), "boom")]
    assert programme(Remark="boom") == {"read": 1, "changed": 1}
    assert rows(STORED) == [(None, "boom")]
