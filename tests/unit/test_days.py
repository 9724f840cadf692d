"""A day is the day that its writer meant, or it is refused: never another one."""

from zoneinfo import ZoneInfo

import pytest

from geo_service.domain.errors import InvalidInput
from geo_service.intake.mapping import days
from geo_service.intake.mapping.definition import Dates, parse_mapping
from geo_service.intake.mapping.record_fields import RecordFields
from tests.intake.reading import simple

BRUSSELS = ZoneInfo("Europe/Brussels")
DATES = Dates(formats=("iso", "%d/%m/%Y", "%d-%m-%Y"))


def span(given: str, **how: object) -> tuple[str, str]:
    """The first and the last day that a text covers."""
    found = days.read("starts_on", given, DATES.model_copy(update=how), BRUSSELS)
    return f"{found.first:%Y-%m-%d}", f"{found.last:%Y-%m-%d}"


def period(starts: str, ends: str, dates: str = "") -> tuple[str, str]:
    """The first day and the free day of a row."""
    mapping = parse_mapping(simple(tables=f"[dates]\n{dates}" if dates else ""), "test")
    found = RecordFields(mapping, {"van": starts, "tot": ends}).days(BRUSSELS)
    return str(found.starts_on), str(found.ends_on)


@pytest.mark.parametrize(
    "given",
    [
        "2026-10-01", "01/10/2026", "01-10-2026", "2026-09-30T22:00:00Z", "2026-10-01T00:00:00", "2026-10-01+02:00", "2026-10-01Z", "1 oktober 2026",
        "do 1 okt. 2026", "donderdag 1 oktober 2026", "1 okt '26", "1-okt-26", "1er octobre 2026", "1. Oktober 2026", "October 1, 2026", "1 OCT 2026",
        "1 oktober 2026 om 8u30", "1 okt 2026 08:30", "ca. 1 oktober 2026", "vanaf 1 oktober 2026", "t/m 1 oktober 2026", "1790805600000", "1790805600000.0",
        "/Date(1790805600000)/", "/Date(1790805600000+0200)/", "tot en met 1/10/2026", "t.e.m. 01/10/2026", "ca. 1/10/2026", "do 1/10/2026", "± 01-10-2026",
        "01/10/2026 (o.v.)", "01/10/2026 (donderdag)", "1/10/2026 08:00:00+01:00", "1/10/2026 8:00 GMT+1000", "01/10/2026?", "'01/10/2026", "1/10/2026 8u", "1/10/2026 17u30", "01/10/2026, 08:00", "01-10-2026 8.00", "1/10/2026 8:00 AM",
        "1.10.2026", "01 10 2026", "1 / 10 / 2026", "2026-10-1", "01OCT2026", "20261001070000", "2026 oktober 1", "Thu, 01 Oct 2026 00:00:00 +0200",
        "Thu Oct 01 2026 00:00:00 GMT+0200 (CEST)", "Wed, 30 Sep 2026 22:00:00 GMT", "Oct 1, 2026, 8:00:00 AM", "1/10/2026 12:00:00 AM",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(given: str) -> None:
    assert span(given) == ("2026-10-01", "2026-10-01")


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2027-W09", "2027-03-01", "2027-03-07"), ("2027W11", "2027-03-15", "2027-03-21"), ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2027-W09-3", "2027-03-03", "2027-03-03"), ("week 7 2027", "2027-02-15", "2027-02-21"), ("wk. 7/2027", "2027-02-15", "2027-02-21"),
        ("2027 week 7", "2027-02-15", "2027-02-21"), ("KW 7 2027", "2027-02-15", "2027-02-21"), ("semaine 7 2027", "2027-02-15", "2027-02-21"),
        ("w7-27", "2027-02-15", "2027-02-21"), ("maart 2027", "2027-03-01", "2027-03-31"), ("février 2028", "2028-02-01", "2028-02-29"),
        ("begin maart 2027", "2027-03-01", "2027-03-10"), ("half mei 2027", "2027-05-11", "2027-05-20"), ("eind mei 2027", "2027-05-21", "2027-05-31"),
        ("2e kwartaal 2027", "2027-04-01", "2027-06-30"), ("Q4 2027", "2027-10-01", "2027-12-31"), ("2027", "2027-01-01", "2027-12-31"),
        ("1e helft 2027", "2027-01-01", "2027-06-30"), ("tweede semester 2027", "2027-07-01", "2027-12-31"), ("2e kw. 2027", "2027-04-01", "2027-06-30"),
        ("medio mei 2027", "2027-05-11", "2027-05-20"), ("T2 2027", "2027-04-01", "2027-06-30"), ("weeknr. 7 2027", "2027-02-15", "2027-02-21"),
        ("begin week 7 2027", "2027-02-15", "2027-02-21"), ("7e week 2027", "2027-02-15", "2027-02-21"), ("in 2027", "2027-01-01", "2027-12-31"),
        ("1/3/2027 - 10/3/2027", "2027-03-01", "2027-03-10"), ("01/03 - 10/03/2027", "2027-03-01", "2027-03-10"), ("1-10 maart 2027", "2027-03-01", "2027-03-10"),
        ("van 1 tot 10 maart 2027", "2027-03-01", "2027-03-10"), ("01/03/2027 t.e.m. 10/03/2027", "2027-03-01", "2027-03-10"), ("2027-03-01/2027-03-10", "2027-03-01", "2027-03-10"),
        ("28 december - 8 januari 2027", "2026-12-28", "2027-01-08"), ("maart-april 2027", "2027-03-01", "2027-04-30"), ("week 9 t.e.m. 10, 2027", "2027-03-01", "2027-03-14"),
        ("KW 3-7 2027", "2027-01-18", "2027-02-21"), ("week 52 2026 - week 2 2027", "2026-12-21", "2027-01-17"), ("Q1-Q2 2027", "2027-01-01", "2027-06-30"), ("2027-2028", "2027-01-01", "2028-12-31"),
    ],
)  # fmt: skip
def test_what_is_coarser_than_a_day_is_covered_whole(given: str, first: str, last: str) -> None:
    assert span(given) == (first, last)


@pytest.mark.parametrize(
    ("form", "given", "last"), [("%m/%Y", "02/2028", "2028-02-29"), ("%Y", "2027", "2027-12-31"), ("%B %Y", "April 2027", "2027-04-30")]
)  # fmt: skip
def test_a_form_without_a_day_ends_with_its_month_or_year(form: str, given: str, last: str) -> None:
    assert span(given, formats=(form,))[1] == last


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("2026-W54", "date_invalid"), ("2027-W53", "date_invalid"), ("week 54 2027", "date_invalid"), ("30 februari 2027", "date_invalid"), ("31/11/2027", "date_invalid"),
        ("=C2+9", "date_invalid"), ("8 maart of april", "date_invalid"), ("na 8 maart 2027", "date_invalid"), ("voor 8 maart 2027", "date_invalid"),
        ("zomer 2027", "date_invalid"), ("1/3/2027 8:00-17:00", "date_invalid"), ("1/3/2027 (geannuleerd)", "date_invalid"), ("1/3/2027 (tot 15/3/2027)", "date_invalid"),
        ("KW 1-2 2027", "date_invalid"), ("kw 1-4 2027", "date_invalid"), ("kw1 2027", "date_invalid"), ("S1 2027", "date_invalid"), ("01/03/2027 en 10/03/2027", "date_invalid"), ("1/3/2027, 5/3/2027", "date_invalid"),
        ("10/03/2027 - 01/03/2027", "date_invalid"), ("9 - week 10 2027", "date_invalid"), ("01/03/27", "date_invalid"), ("3/1/2027 13:00 PM", "date_invalid"), ("31/11/2027 8u", "date_invalid"),
        ("ten laatste 10/03/2027", "date_invalid"), ("zondag", "date_invalid"), ("46447", "date_invalid"), ("180385920000", "date_invalid"), ("week 7", "date_without_year"),
        ("8 maart", "date_without_year"), ("0027-03-01", "date_too_early"), ("1899-12-30", "date_too_early"), ("1970-01-01", "date_too_early"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_what_stands_there(given: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        span(given)
    assert refused.value.errors[0].code == code
    assert given in refused.value.errors[0].message


@pytest.mark.parametrize(
    ("form", "given", "day"),
    [
        ("epoch_ms", "1804633200000", "2027-03-10"), ("epoch_ms", "946681200000", "2000-01-01"), ("epoch_s", "1804633200", "2027-03-10"),
        ("excel", "46456", "2027-03-10"), ("excel", "46456.75", "2027-03-10"), ("%d/%m/%y", "10/03/27", "2027-03-10"),
    ],
)  # fmt: skip
def test_a_number_is_a_day_where_the_mapping_says_so(form: str, given: str, day: str) -> None:
    assert span(given, formats=(form,)) == (day, day)


@pytest.mark.parametrize("given", ["-5", "0", "1e300", "nan", "99999999", "x"])
def test_a_number_that_excel_never_wrote_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput):
        span(given, formats=("excel",))


@pytest.mark.parametrize(
    ("starts", "ends", "dates", "found"),
    [
        ("2027-W09", "2027-W11", "", ("2027-03-01", "2027-03-22")),
        ("2027-W09", "2027-W11", 'end = "instant"', ("2027-03-01", "2027-03-22")),
        ("2027-W09", "2027-W11", 'end = "excluded"', ("2027-03-01", "2027-03-22")),
        ("2027-03-01", "12 maart 2027", 'end = "instant"', ("2027-03-01", "2027-03-13")),
        ("2027-03-01", "12 maart 2027", 'end = "excluded"', ("2027-03-01", "2027-03-12")),
        ("week 7", "week 9", "year = 2027", ("2027-02-15", "2027-03-08")),
        ("8 maart", "19 maart 2027", "", ("2027-03-08", "2027-03-20")),
        ("15 december", "9 januari 2028", "", ("2027-12-15", "2028-01-10")),
        ("15 december 2027", "9 januari", "", ("2027-12-15", "2028-01-10")),
        ("ma 01/03", "wo 10/03/2027", 'formats = ["%d/%m/%Y"]', ("2027-03-01", "2027-03-11")),
        ("28/12", "8/1/27", 'formats = ["%d/%m/%y"]', ("2026-12-28", "2027-01-09")),
        ("1/3 - 10/3/2027", "1/3 - 10/3/2027", 'formats = ["%d/%m/%Y"]', ("2027-03-01", "2027-03-11")),
        (
            "3/1/2027 7:00 AM",
            "3/10/2027 12:00 AM",
            'formats = ["%m/%d/%Y"]\nend = "instant"',
            ("2027-03-01", "2027-03-10"),
        ),
    ],
)
def test_a_period_takes_all_of_what_its_ends_cover(
    starts: str, ends: str, dates: str, found: tuple[str, str]
) -> None:
    assert period(starts, ends, dates) == found


def test_a_day_that_does_not_have_the_pattern_is_not_called_empty() -> None:
    text = simple().replace(
        'ends_on = { from = ["tot"] }', "ends_on = { from = ['tot'], pattern = '^tot (.+)$' }"
    )
    with pytest.raises(InvalidInput) as refused:
        RecordFields(parse_mapping(text, "test"), {"van": "2027-03-01", "tot": "10/03/2027"}).days(BRUSSELS)
    assert (refused.value.errors[0].field, refused.value.errors[0].code) == ("ends_on", "date_invalid")
