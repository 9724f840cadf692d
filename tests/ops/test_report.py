"""Reports on paper, as somebody prints them in the morning."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.store.tables import repairs
from tests.ops.test_cli import DAY, Shell, shell
from tests.scenes import Scene
from tests.serving import TODAY

__all__ = ["shell"]


def text_of(document: bytes | Path) -> list[str]:
    """The text of each page of a PDF."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]


@pytest.fixture
def planned(fresh_database: str) -> None:
    """A street with one repair for each verdict a crew meets, all for today, and many that are free."""
    engine = db.create_engine_for(fresh_database)
    with db.write(engine) as conn:
        scene = Scene(conn, TODAY)
        scene.street(2000)
        for place in range(30):
            scene.repair(at=(20 * place, 1), planned=(0, 1), scope="spot")
        scene.repair(at=(901, 1), planned=(0, 1), scope="spot", urgency="danger")
        scene.repair(at=(951, 1), planned=(0, 1), scope="spot")
        scene.repair(at=(920, 1), scope="spot", urgency="danger")
        scene.works(at=(900, 0), length_m=60, days=(0, 9), certainty="confirmed")
        conn.execute(sa.update(repairs).where(repairs.c.number % 2 == 0).values(team="ploeg-1"))
    engine.dispose()


def test_the_day_list_has_all_stops_in_a_table_with_numbered_pages(
    shell: Shell, tmp_path: Path, planned: None
) -> None:
    done = shell.run("report", "dispatch", "--out", "list.pdf", "--json")
    said = json.loads(done.stdout)
    assert (said["on"], said["stops"]) == (DAY, 31)
    pages = text_of(tmp_path / "list.pdf")
    assert len(pages) > 1 and pages[-1].rstrip().endswith(f"{len(pages)} / {len(pages)}")
    text = " ".join(" ".join(pages).split())
    for words in (
        "Daglijst van ma 23 nov",
        "Ploeg 1 · ",
        "Zonder ploeg · ",
        "Gevaar zonder dag: maak nu veilig",
        "Uitvoeren",
        "Enkel veilig maken",
        "niet uitvoeren",
    ):
        assert words in text
    for words in (
        "Bel: Proximus Area 2.1",
        "Kilometers zijn de rechte lijn × 1,4.",
        "Er kwam nog geen bron",
        "Vrij vanaf",
    ):
        assert words in text
    assert all(text.count(f"H-{number} ") == 1 for number in range(1000, 1033))


def test_one_crew_in_english_and_an_empty_day(shell: Shell, tmp_path: Path, planned: None) -> None:
    shell.env["LANG"] = "en_GB.UTF-8"
    shell.run("report", "dispatch", "--out", "one.pdf", "--team", "ploeg-1")
    text = " ".join(text_of(tmp_path / "one.pdf"))
    assert "Day list of Mon 23 Nov" in text and "Without a crew" not in text
    shell.run("report", "dispatch", "--out", "none.pdf", "--on", "2026-12-24")
    assert "Nothing is planned for this day." in text_of(tmp_path / "none.pdf")[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "x.pdf", "--team", "ploeg-9"), "team: "),
        (("--out", "nowhere/x.pdf"), "out: "),
        (("--out", "x.pdf", "--on", "morgen"), "--on"),
    ],
)
def test_what_cannot_be_printed_is_one_line(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = shell.run("report", "dispatch", *words, code=2)
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("name", ["meeting", "college", "quarter"])
def test_a_report_is_a_pdf_and_the_workbook_behind_it(
    shell: Shell, tmp_path: Path, planned: None, name: str
) -> None:
    done = shell.run("report", name, "--out", "a.pdf", "--xlsx", "a.xlsx", "--json")
    said = json.loads(done.stdout)
    assert said["on"] == DAY and said["rows"] > 0
    pages = text_of(tmp_path / "a.pdf")
    assert pages[-1].rstrip().endswith(f"{len(pages)} / {len(pages)}")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert sum(sheet.max_row - 1 for sheet in book) == said["rows"]
    done = shell.run("report", name, "--out", "b.pdf", "--xlsx", "nowhere/b.xlsx", code=2)
    assert ": xlsx: " in done.stderr and len(done.stderr.strip().splitlines()) == 1
