"""Imports over HTTP: asked for, run by the worker, told row by row; nobody waits for them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import openpyxl
import pytest

from geo_service.demo.peer import running as gipod_running
from tests.api.import_scenes import database, ended, features, guarded, home, service, upload, working
from tests.intake.innames import inname
from tests.serving import Service

__all__ = ["database", "guarded", "home", "service"]  # fixtures


def test_what_an_import_remarks_is_told_in_the_readers_language(
    service: Service, database: str, home: Path
) -> None:
    building = {**inname(1), "properties": {"id": "https://example.org/gebouw/1"}}
    page = {"type": "FeatureCollection", "features": [building], "numberMatched": 4}
    asked = upload(
        service,
        json.dumps(page).encode(),
        role="coordinator",
        source="buildings",
        mapping="building-register",
    )
    with working(database, home):
        told = ended(service, asked)
    assert told["remarks"][0].startswith(
        "De bron zegt zelf dat dit maar een deel is (numberMatched: 1 van 4)"
    )
    with service.as_("coordinator") as client:
        english = client.get(asked.headers["location"], headers={"Accept-Language": "en"}).json()
    assert english["remarks"][0].startswith(
        "The source says itself that this is only a part (numberMatched: 1 of 4)"
    )


def test_a_file_is_queued_at_once_and_taken_in_by_the_worker(
    service: Service, database: str, home: Path
) -> None:
    asked = upload(service, features(inname(1), inname(2, x=50), inname(3, "=cmd()")))
    assert asked.status_code == 202
    assert (asked.json()["status"], asked.json()["origin"]) == ("queued", "page.json")
    with working(database, home):
        told = ended(service, asked)
    assert told["status"] == "done"
    assert {name: told[name] for name in ("read", "done", "total", "created", "rejected")} == {
        "read": 3, "done": 3, "total": 3, "created": 2, "rejected": 1,
    }  # fmt: skip
    assert told["asked_by"] == "test utilities_desk"
    with service.as_("utilities_desk") as client:
        left_out = client.get(f"{asked.headers['location']}/rejected").json()
        file = client.get(f"{asked.headers['location']}/rejected.csv")
        listed = client.get("/api/v1/imports", params={"source": "gipod", "status": "done"}).json()
    assert [(row["row"], row["code"], row["field"]) for row in left_out["items"]] == [
        (3, "date_invalid", "Start")
    ]
    assert (left_out["total"], left_out["next"]) == (1, None)
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text.splitlines()[0] == "\ufeffRij;Id;Code;Veld;Reden"
    assert "date_invalid" in file.text
    assert file.text.splitlines()[1].endswith(";“=cmd()” is geen datum die wij kunnen lezen")
    with service.as_("utilities_desk") as client:
        english = client.get(f"{asked.headers['location']}/rejected", headers={"Accept-Language": "en"})
        sheet = client.get(f"{asked.headers['location']}/rejected.csv", headers={"Accept-Language": "en"})
    assert sheet.text.splitlines()[0] == "\ufeffrow,id,code,field,message"
    assert english.json()["items"][0]["message"].startswith("Start '=cmd()' is no date and time")
    assert told in listed["items"]
    assert not list((home / "uploads").iterdir())


def test_a_row_of_a_sheet_is_named_by_its_row_there(
    service: Service, database: str, home: Path, tmp_path: Path
) -> None:
    """`gipod-excel` needs no mapping; its second row of data is the third of the sheet."""
    columns = ("Id", "Status", "Start", "Einde", "Locatie", "Beheerder", "Type")
    good = (
        "9001",  # not one that the feed of another test told first
        "Concreet gepland",
        "01/12/2026",
        "02/12/2026",
        "POINT (68700 179100)",
        "Fluvius",
        "Grondwerk",
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "resultaten"
    for cells in (columns, good, ("990002", *good[1:3], "28/11/2026", *good[4:])):
        sheet.append(cells)
    book.save(tmp_path / "export.xlsx")
    asked = upload(service, (tmp_path / "export.xlsx").read_bytes(), source="gipod-excel")
    with working(database, home):
        ended(service, asked)
    with service.as_("utilities_desk") as client:
        [told] = client.get(f"{asked.headers['location']}/rejected").json()["items"]
        file = client.get(f"{asked.headers['location']}/rejected.csv")
    assert (told["row"], told.keys()) == (2, {"row", "id", "code", "field", "message"})
    assert told["message"].startswith("rij 3: ")
    [_, line] = file.text.splitlines()
    assert line.startswith("3;990002;")


def test_an_address_is_fetched_and_two_imports_of_one_source_take_turns(
    service: Service, database: str, home: Path
) -> None:
    with (
        gipod_running([inname(n, x=50 * n) for n in range(1, 30)]) as peer,
        service.as_("coordinator") as client,
    ):
        body = {"source": "gipod", "url": f"{peer.url}?token=secret"}
        first, second = (client.post("/api/v1/imports", json=body) for _ in range(2))
        with working(database, home):
            told = [ended(service, one) for one in (first, second)]
    assert [one["status"] for one in told] == ["done", "done"]
    assert told[1]["unchanged"] == told[1]["read"] == 29
    assert told[0]["finished_at"] <= told[1]["started_at"]
    assert "secret" not in json.dumps(told)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (
            b'{"type": "FeatureCollection", "features": [',
            "source_unreachable",
            "geen volledig bestand van de soort GeoJSON",
        ),
        (
            b"<!doctype html><title>Onderhoud</title>",
            "source_unreachable",
            "geen geldige JSON",
        ),
    ],
)
def test_a_file_that_is_something_else_fails_clearly_and_changes_nothing(
    service: Service, database: str, home: Path, content: bytes, code: str, said: str
) -> None:
    with service.as_("viewer") as client:
        before = client.get("/api/v1/works").json()["total"]
    with working(database, home):
        told = ended(service, upload(service, content))
    assert (told["status"], told["error"]["code"]) == ("failed", code)
    assert said in told["error"]["message"]
    with service.as_("viewer") as client:
        assert client.get("/api/v1/works").json()["total"] == before


def test_an_address_that_leads_to_a_private_one_is_found_out_when_it_is_fetched(
    guarded: Service, database: str, home: Path
) -> None:
    with guarded.as_("coordinator") as client:
        body = {"source": "gipod", "url": f"http://{socket.gethostname()}:1/items"}
        asked = client.post("/api/v1/imports", json=body)
    with working(database, home, allow_private=False):
        told = ended(guarded, asked)
    assert told["error"]["code"] == "source_unreachable"
    assert "privénetwerk" in told["error"]["message"]
