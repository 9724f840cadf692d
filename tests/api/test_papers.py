"""Reports on paper tell what the lists tell: the same cases, in order, the same days and euros, as PDF and in the workbook behind it."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pypdfium2
import pytest
import sqlalchemy as sa

from geo_service.i18n import Translator
from geo_service.store.papers import quarter_of
from tests.api.scenario import Street
from tests.api.test_stats import cases, get
from tests.serving import TODAY, Service
from tests.viewer.conftest import build_houses

DUTCH = Translator("nl", TODAY)


def sheets(service: Service, name: str, on: date = TODAY) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each sheet of a workbook, without its head."""
    with service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/papers/{name}", params={"format": "xlsx", "on": on.isoformat()})
    book = openpyxl.load_workbook(io.BytesIO(answer.raise_for_status().content))
    return {sheet.title: [*sheet.iter_rows(min_row=2, values_only=True)] for sheet in book}


def words(service: Service, name: str, on: date = TODAY, language: str = "nl") -> str:
    """The text of a PDF, on one line."""
    with service.as_("viewer", **{"Accept-Language": language}) as client:
        answer = client.get(f"/api/v1/papers/{name}", params={"on": on.isoformat()})
    assert answer.raise_for_status().headers["Content-Type"] == "application/pdf"
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content)]
    return " ".join(" ".join(pages).split())


@pytest.fixture
def decisions(street: Street) -> Street:
    """Two cases to be decided, at different last days, and an opportunity, in the Gentsestraat."""
    build_houses(street)
    street.works((30, 44))
    street.repair()
    street.works((20, 24), odd=True, owner="Fluvius")
    street.repair(across=(10, 12))
    street.works((60, 70), owner="Aquafin")
    return street


def test_the_agenda_has_every_case_of_the_list_the_first_last_day_first(decisions: Street) -> None:
    service = decisions.service
    listed = cases(service, opportunity=False, sort="day")["items"]
    rows = sheets(service, "meeting")["Te beslissen"]
    assert len(rows) == len(listed) > 1
    for number, (row, case) in enumerate(zip(rows, listed, strict=True), start=1):
        last_day = date.fromisoformat(case["due_on"] or case["decide_by"])
        assert (row[0], row[1].date(), row[6]) == (number, last_day, case["eur"])
        assert row[5].split()[0] in {one["number"] for one in get(service, f"/cases/{case['id']}")["items"]}
    days = [row[1] for row in rows]
    assert days == sorted(days) and isinstance(days[0], datetime)
    chances = cases(service, opportunity=True)["items"]
    assert len(sheets(service, "meeting")["Kansen"]) == len(chances) > 0


def test_the_agenda_on_paper_words_places_owners_and_the_sum(decisions: Street) -> None:
    service = decisions.service
    listed = cases(service, opportunity=False, sort="day")
    text = words(service, "meeting")
    assert (
        f"Te beslissen: {listed['total']} dossiers, samen {DUTCH.money(listed['totals']['at_risk_eur'])}"
        in text.replace("€ ", "€\u00a0")
    )
    for case in listed["items"]:
        if case["place"]:
            assert f"{case['place']['street']} {case['place']['number_from']}" in text
    assert "Fluvius" in text and DUTCH.day(TODAY) in text
    assert "Meeting with the utilities" in words(service, "meeting", language="en")


def test_the_page_for_the_college_has_the_figures_of_the_overview(decisions: Street) -> None:
    service = decisions.service
    overview = get(service, "/stats/overview")
    figures = {row[0]: row[1:] for row in sheets(service, "college")["Cijfers"]}
    tile = overview["at_stake"]
    assert figures["Te beslissen dossiers, en wat er op het spel staat"] == (
        tile["cases"],
        tile["at_risk_eur"],
    )
    assert figures["Kansen, en wat ze sparen"] == (
        overview["chances"]["cases"],
        overview["chances"]["saving_eur"],
    )
    assert figures["Herstellingen in wachtstand"] == (overview["held"]["repairs"], None)
    dearest = sheets(service, "college")["Duurste dossiers"]
    assert [row[6] for row in dearest] == [
        one["eur"] for one in cases(service, opportunity=False, sort="money")["items"][:10]
    ]


def take(service: Service, conflict: dict[str, Any], step: str, **body: Any) -> None:
    with service.as_("coordinator") as client:
        path = f"/api/v1/conflicts/{conflict['id']}"
        headers = {"If-Match": client.get(path).headers["ETag"]}
        client.post(f"{path}/{step}", json=body, headers=headers).raise_for_status()


def date_back(service: Service, conflict: dict[str, Any], **days: str) -> None:
    """Let the steps of a conflict have happened on these days."""
    with service.engine.begin() as conn:
        conn.execute(sa.text("ALTER TABLE conflict_events DISABLE TRIGGER USER"))
        for kind, day in days.items():
            moved = conn.execute(
                sa.text(
                    "UPDATE conflict_events SET at = CAST(:at AS timestamptz) WHERE conflict_id = :id AND kind = :kind"
                ),
                {"id": conflict["id"], "kind": kind, "at": f"{day}T12:00+01"},
            )
            assert moved.rowcount == 1
        conn.execute(sa.text("ALTER TABLE conflict_events ENABLE TRIGGER USER"))


def test_a_quarter_counts_each_decision_once_in_the_quarter_in_which_it_fell(street: Street) -> None:
    """What follows an agreement is no second decision, and one that was taken back is none."""
    service = street.service
    other = Street(service, street.x + 1000)
    found = []
    for one in (street, other):
        one.works((30, 44))
        found += one.conflicts(repair=one.repair()["id"])
    agreed, undone = found
    take(service, agreed, "agree", kind="patch_only", note="lap tot na de werken")
    take(service, agreed, "settle", note="afgehandeld op de werf")
    take(service, undone, "agree", kind="patch_only", note="lap tot na de werken")
    take(service, undone, "undo")
    date_back(service, agreed, opened="2019-04-10", agree="2019-04-22", settle="2019-07-05")
    date_back(service, undone, opened="2019-04-10", agree="2019-04-11", undo="2019-04-11")
    name = DUTCH.text(f"rule.{agreed['rule']}")
    assert sheets(service, "quarter", date(2019, 5, 1))["Regels"] == [(name, 2, 1, 0, 12)]
    assert sheets(service, "quarter", date(2019, 8, 1))["Regels"] == []


@pytest.mark.parametrize(
    ("day", "first", "end"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_quarter_begins_and_ends_where_the_calendar_says(day: date, first: date, end: date) -> None:
    assert quarter_of(day) == (first, end)


def test_an_unknown_report_and_a_partner_are_refused(service: Service) -> None:
    with service.as_("viewer") as client:
        assert client.get("/api/v1/papers/diary").status_code in (404, 422)
        assert (
            client.get("/api/v1/papers/meeting", params={"format": "docx"}).json()["errors"][0]["field"]
            == "format"
        )
        for day in ("9999-12-31", "0001-01-01", "2019-05-01"):
            answer = client.get("/api/v1/papers/meeting", params={"on": day})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "on"), day
    with service.as_("partner") as client:
        assert client.get("/api/v1/papers/meeting").status_code == 403
