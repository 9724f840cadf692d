"""Dates, words and house numbers of which two readings are possible: the likely one, or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import ezdxf
import pytest

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import Period
from geo_service.intake.formats import files
from geo_service.intake.formats.raw_record import ReadOptions, Remarks
from geo_service.intake.mapping import days, house_numbers
from geo_service.intake.mapping.days import read_by, working_days_of
from geo_service.intake.mapping.deadlines import LatestRule
from geo_service.intake.mapping.tables import Dates
from geo_service.intake.sources import gipod_values, open311
from tests.intake.conftest import write_json
from tests.intake.reading import Came, came, collection, feature, simple

BRUSSELS = ZoneInfo("Europe/Brussels")


def table(folder: Path, mapping: str, *rows: str, head: str = "nr;straat;van;tot;x;y;status") -> Came:
    file = folder / "works.csv"
    file.write_text("\n".join([head, *rows]), encoding="utf-8")
    return came(file, mapping)


def spans(*periods: str) -> list[str]:
    return [f"{i};Markt;{period};3.2176;50.9208;" for i, period in enumerate(periods)]


CRS = "crs = 4326"
PLACE = '[place]\nx = "x"\ny = "y"\n'


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("week 10-12", "2027-03-08", "2027-03-28"),
        ("wk 49/50 2027", "2027-12-06", "2027-12-19"),
        ("weken 10 tot 11", "2027-03-08", "2027-03-21"),
        ("week 7 '27", "2027-02-15", "2027-02-21"),
        ("nov-26", "2026-11-01", "2026-11-30"),
        ("dec/26", "2026-12-01", "2026-12-31"),
        ("begin dec. '26", "2026-12-01", "2026-12-10"),
        ("Q2 '27", "2027-04-01", "2027-06-30"),
        ("dec 24", "2027-12-24", "2027-12-24"),
        ("eind november", "2027-11-21", "2027-11-30"),
        ("mei", "2027-05-01", "2027-05-31"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("12/2026", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_span_is_the_one_that_people_mean(text: str, first: str, last: str) -> None:
    span = days.read("ends_on", text, Dates(year=2027), BRUSSELS)
    assert (f"{span.first:%Y-%m-%d}", f"{span.last:%Y-%m-%d}") == (first, last)


@pytest.mark.parametrize(
    ("text", "form"),
    [("week 10-26", "iso"), ("2026-12-01/05", "iso"), ("2026-12-01-15", "iso"), ("202612", "%Y%m%d"), ("12026", "%d%m%Y"), ("9999-12-31T24:00", "iso"), ("week 52-2 2027", "iso")],
)  # fmt: skip
def test_what_may_mean_two_days_is_none(text: str, form: str) -> None:
    with pytest.raises(InvalidInput):
        days.read("ends_on", text, Dates(formats=(form,)), BRUSSELS)


@pytest.mark.parametrize(
    ("text", "form"),
    [("1/3/2026 0800", "%d/%m/%Y %H%M"), ("01032026 7:30", "%d%m%Y %H:%M"), ("01MAR2026", "%d%b%Y"), ("01032026", "%d%m%Y")],
)  # fmt: skip
def test_a_date_with_separators_needs_no_zeros(text: str, form: str) -> None:
    assert days.read("ends_on", text, Dates(formats=(form,)), BRUSSELS).first.date() == date(2026, 3, 1)


def test_a_zero_that_a_spreadsheet_took_is_put_back() -> None:
    span = days.read("ends_on", "1122026", Dates(formats=("%d%m%Y",)), BRUSSELS)
    assert span.first.date() == date(2026, 12, 1)


def test_only_an_end_with_a_time_leaves_its_day_free(tmp_path: Path) -> None:
    mapping = simple(
        CRS, tables='[dates]\nformats = ["%d/%m/%Y", "%d/%m/%Y %H:%M", "iso"]\nend = "instant"\n' + PLACE
    )
    ends = ("31/12/2026", "31/12/2026 00:00", "31/12/2026 17:00", "2026-12-31T24:00", "31/12/2026 24:00")
    found = table(tmp_path, mapping, *spans(*(f"01/12/2026;{end}" for end in ends)))
    assert [last for _, last in found.days] == [
        "2027-01-01", "2026-12-31", "2027-01-01", "2027-01-01", "2027-01-01",
    ]  # fmt: skip


def test_works_of_one_day_may_say_when_they_begin(tmp_path: Path) -> None:
    found = table(tmp_path, simple(CRS, tables=PLACE), *spans("2026-12-31T08:00;2026-12-31"))
    assert found.days == [("2026-12-31", "2027-01-01")]


@pytest.mark.parametrize("year", ["", "year = 2026\n"])
def test_new_year_lies_between_a_beginning_and_its_end(tmp_path: Path, year: str) -> None:
    without = ("28 december;8 januari", "week 51;week 2") if year else ()
    rows = spans("28 december 2026;8 januari", "week 51 2026;week 2", *without)
    found = table(tmp_path, simple(CRS, tables=f"[dates]\n{year}{PLACE}"), *rows)
    assert found.days == [("2026-12-28", "2027-01-09"), ("2026-12-14", "2027-01-18")] * (len(rows) // 2)


@pytest.mark.parametrize(
    ("words", "begins", "latest"),
    [
        ("vóór februari", date(2026, 12, 1), date(2027, 1, 31)),
        ("voor januari", date(2026, 12, 1), date(2026, 12, 31)),
        ("avant avril", date(2027, 4, 5), date(2027, 3, 31)),
    ],
)
def test_before_a_month_is_the_one_nearest_to_the_plan(words: str, begins: date, latest: date) -> None:
    rule = LatestRule(pattern=r"(?:voor|avant) (?P<month>\w+)", day="before_month")
    assert list(rule.days(words, Period(begins, begins.replace(day=21)))) == [latest]


@pytest.mark.parametrize(
    ("text", "houses"),
    [("12/1", ("12",)), ("12/101", ("12",)), ("12/0001", ("12",)), ("12_1", ("12",)), ("12bis", ("12BIS",)), ("10/14", ("10", "14"))],
)  # fmt: skip
def test_a_slash_before_a_box_makes_no_second_house(text: str, houses: tuple[str, ...]) -> None:
    assert house_numbers.numbers_of(text).houses == houses


@pytest.mark.parametrize("text", ["10 t.e.m. 14", "tussen 10 en 14", "10-14"])
def test_a_range_in_words(text: str) -> None:
    assert house_numbers.numbers_of(text).span == (10, 14)


STATUSES = simple(
    CRS,
    fields='status = { from = ["status"] }\ngroup = { from = ["straat"] }',
    tables=PLACE
    + '[status]\nuitgevoerd = "done"\n"in uitvoering" = "in_progress"\ngepland = "planned"\ngeannuleerd = "cancelled"\n',
).replace('status_default = "confirmed"\n', "")


@pytest.mark.parametrize(
    ("first", "second", "certainty", "phases"),
    [
        ("uitgevoerd", "gepland", "planned", 2),
        ("uitgevoerd", "in uitvoering", "in_progress", 2),
        ("uitgevoerd", "uitgevoerd", "done", 2),
        ("geannuleerd", "gepland", "planned", 1),
        ("gepland", "geannuleerd", "planned", 1),
        ("geannuleerd", "geannuleerd", "cancelled", 2),
    ],
)
def test_a_phase_that_is_over_does_not_speak_for_those_to_come(
    tmp_path: Path, first: str, second: str, certainty: str, phases: int
) -> None:
    rows = [
        f"1;Markt;2026-10-01;2026-10-15;3.2176;50.9208;{first}",
        f"2;Markt;2026-12-10;2026-12-20;3.2176;50.9208;{second}",
    ]
    [works] = table(tmp_path, STATUSES, *rows).works
    assert (works.certainty, len(works.phases)) == (certainty, phases)
    assert [phase.done for phase in works.phases] == [first == "uitgevoerd" != second, False][:phases]


REPAIRS = """
about = "test"
source = "reports"
target = "repairs"
full = false
crs = 4326
[constants]
owner = "Stad"
[fields]
id = { from = ["nr"] }
urgency = { from = ["straat"] }
reported_at = { from = ["van"] }
finished_on = { from = ["tot"] }
[place]
x = "x"
y = "y"
[urgency]
Gevaar = "danger"
"""


def test_a_new_word_of_urgency_is_said(tmp_path: Path) -> None:
    rows = [f"{n};{word};2026-11-01;;3.2176;50.9208;" for n, word in enumerate(("Gevaar", "gevaarlijk", ""))]
    found = table(tmp_path, REPAIRS, *rows)
    assert len(found.items) == 3
    assert found.remarks.unknown_words == {"urgency": {"gevaarlijk": 1}}


def test_a_repair_is_not_finished_before_its_report_nor_in_the_year_9999(tmp_path: Path) -> None:
    rows = [f"{n};;2026-11-01;{end};3.2176;50.9208;" for n, end in enumerate(("9999-12-31", "2026-10-01", "2026-11-02", "2026-10-31"))]  # fmt: skip
    found = table(tmp_path, REPAIRS, *rows)
    assert [repair.finished_on for repair in found.items] == [None, date(2026, 11, 2), date(2026, 10, 31)]  # type: ignore[union-attr]
    assert [one.code for one in found.rejections] == ["finished_before_report"]


@pytest.mark.parametrize("word", ["Concreet Gepland", "concreet gepland", "Concreet\u00a0gepland"])
def test_a_status_of_gipod_is_known_however_it_is_written(word: str) -> None:
    assert gipod_values.CERTAINTIES.get(word) == "planned"


@pytest.mark.parametrize(
    ("word", "status"), [("Open", "open"), ("in progress", "open"), ("Resolved", "closed")]
)
def test_a_status_of_open311_is_known_however_it_is_written(word: str, status: str) -> None:
    assert open311.STATUSES.get(word) == status


@pytest.mark.parametrize(
    ("text", "days"),
    [("5", 5), ("5,0", 5), ("5.0", 5), ("5 dagen", 5), ("5 werkdagen", 5), ("2 weken", 10), ("1 week", 5), ("5-7", None), ("vijf", None), ("5,5", None)],
)  # fmt: skip
def test_working_days_are_read_as_people_write_them(text: str, days: int | None) -> None:
    assert working_days_of(text) == days


def test_a_date_with_the_hyphens_of_a_word_processor_is_a_date() -> None:
    span = read_by("2027\u201103\u201101", ("iso",))
    assert span is not None and str(span.first.date()) == "2027-03-01"


def test_a_place_outside_the_region_is_the_one_that_is_named(tmp_path: Path) -> None:
    ground = {"type": "MultiPoint", "coordinates": [[3.2176, 50.9208], [0.5, 0.25]]}
    [refused] = came(write_json(tmp_path / "a.geojson", collection(feature(ground))), simple()).rejections
    assert (refused.params["x"], refused.params["y"]) == ("0.5", "0.25")


@pytest.mark.parametrize("aside", ["off", "freeze"])
def test_a_layer_of_a_drawing_that_is_put_aside_is_no_works(tmp_path: Path, aside: str) -> None:
    drawing = ezdxf.new()
    getattr(drawing.layers.add("UIT"), aside)()
    drawing.layers.add("AAN")
    for layer in ("UIT", "AAN"):
        drawing.modelspace().add_point((69060, 179569), dxfattribs={"layer": layer})
    drawing.saveas(tmp_path / "a.dxf")
    rows = list(files.read(str(tmp_path / "a.dxf"), ReadOptions(), Remarks()))
    assert [getattr(one, "reason", "") for one in rows] == ["dxf_layer_hidden", ""]
    assert len(list(files.read(str(tmp_path / "a.dxf"), ReadOptions(layer="uit"), Remarks()))) == 1


@pytest.mark.parametrize(
    "text", ["50.92084, 3.21758", "(50.92084;3.21758)", "50,92084 3,21758", "3.21758,50.92084"]
)
def test_two_coordinates_in_one_column_are_a_point(tmp_path: Path, text: str) -> None:
    """As open data portals write `geo_point_2d`: the latitude comes first."""
    head = "nr|straat|van|tot|geo_point_2d"
    mapping = simple(CRS, tables='[place]\nwkt = "geo_point_2d"')
    [works] = table(tmp_path, mapping, f"A1|Markt|2027-03-01|2027-03-10|{text}", head=head).works
    assert works.phases[0].geometry.centroid.coords[0] == pytest.approx((69_054, 179_566), abs=60)
