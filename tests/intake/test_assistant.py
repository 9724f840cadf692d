"""Without a mapping one is proposed from the file itself: it can be used as it is, and says what it doubts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest
from typer.testing import CliRunner

from geo_service import settings
from geo_service.cli import app
from geo_service.domain.errors import InvalidInput
from geo_service.intake.assistant.proposal import propose
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.mapping.library import load_mapping
from tests.intake import papers
from tests.intake.conftest import Import, counts


@pytest.mark.parametrize(
    "write",
    [
        papers.geopackage, papers.shapefile, papers.kml, papers.geoparquet,
        lambda folder: papers.csv_file(folder, papers.table(), encoding="cp1252"),
        lambda folder: papers.csv_file(folder, papers.table(crs=4326), delimiter=","),
        lambda folder: papers.workbook(folder, papers.table(crs=3812)),
    ],
    ids=["gpkg", "shp", "kml", "parquet", "csv cp1252", "csv wgs84", "xlsx 2008"],
)  # fmt: skip
def test_what_is_proposed_reads_the_file(
    take_in: Import, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    file = write(tmp_path)
    proposal = propose(str(file), "works", settings.load(language="en"))
    assert [row.refused for row in proposal.rows] == [None] * 3
    assert proposal.rows[0].cells["owner"] == "Café De Kroon"
    assert proposal.rows[0].cells["days"] == "2026-10-01 to 2026-10-09 included"
    mapping = tmp_path / "proposed.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    assert counts(take_in("works", file, mapping=str(mapping))) == {"read": 3, "created": 3}


def test_a_file_called_as_a_source_of_our_own_is_proposed_under_another_name(tmp_path: Path) -> None:
    file = papers.csv_file(tmp_path, papers.table()).rename(tmp_path / "gipod.csv")
    proposal = propose(str(file), "works", settings.load(language="en"))
    assert parse_mapping(proposal.text, "it").source == "gipod-file"


def test_a_crs_that_is_recognised_and_a_status_that_is_missing_are_said(tmp_path: Path) -> None:
    proposal = propose(str(papers.csv_file(tmp_path, papers.table())), "works", settings.load(language="en"))
    assert parse_mapping(proposal.text, "it").crs == 31370
    assert [doubt.split(":")[0] for doubt in proposal.doubts] == ["crs", "status"]
    assert "looks like Belgian Lambert 72 (EPSG:31370)" in proposal.doubts[0]
    assert proposal.text.startswith("# ? crs: ")


def test_doubts_are_said_in_the_language_of_who_asks(tmp_path: Path) -> None:
    file = str(papers.csv_file(tmp_path, papers.table()))
    proposal = propose(file, "works", settings.load(language="nl"))
    assert "lijkt op Belgian Lambert 72 (EPSG:31370)" in proposal.doubts[0]
    assert proposal.text.startswith("# ? crs: het bestand zegt het niet")
    told = [
        CliRunner().invoke(app, ["import", "works", file], env={"LANG": lang}).stdout
        for lang in ("en_GB", "nl_BE")
    ]
    assert "How the first rows would be read" in told[0] and "the file does not say it" in told[0]
    assert "Zo zouden de eerste rijen gelezen worden" in told[1]


@pytest.mark.parametrize(
    ("column", "values", "ours"),
    [
        ("Status", ["In uitvoering", "Concreet gepland", "Uitgevoerd"], ["in_progress", "planned", "done"]),
        ("Status", ["Wacht", "Gepland", "Wacht"], [None, "planned", None]),
    ],
)
def test_words_of_a_status_are_known_or_left_to_a_person(
    tmp_path: Path, column: str, values: list[str], ours: list[str | None]
) -> None:
    lines = [{**row, column: value} for row, value in zip(papers.table(), values, strict=True)]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="en"))
    assert [row.cells.get("certainty") for row in proposal.rows] == ours
    assert any("'Wacht'" in doubt for doubt in proposal.doubts) == (None in ours)


FLEMISH: list[dict[str, Any]] = [
    {
        "Volgnr.": number, "Bouwheer": owner, "Aard der werken": kind, "Aanvang werken": f"{number}/03/2027", "Voorziene einddatum": f"1{number}/03/2027",
        "Stand van zaken": status, "Omschrijving": "voetpad", "X": row["X"], "Y": row["Y"],
    }
    for number, (owner, kind, status, row) in enumerate(
        zip(
            ("Fluvius", "Aquafin", "Proximus"), ("Vernieuwen gasleiding", "Gevelsteiger", "Diverse"), ("Voorlopig", "Vergund", "Uitgesteld"),
            papers.table(), strict=True,
        ),
        start=1,
    )
]  # fmt: skip


def test_a_flemish_sheet_is_read_as_its_writer_means_it(tmp_path: Path) -> None:
    proposal = propose(str(papers.workbook(tmp_path, FLEMISH)), "works", settings.load(language="nl"))
    told = parse_mapping(proposal.text, "it")
    assert {ours: rule.from_[0] for ours, rule in told.fields.items()} == {
        "id": "Volgnr.", "owner": "Bouwheer", "description": "Omschrijving", "title": "Omschrijving", "starts_on": "Aanvang werken", "ends_on": "Voorziene einddatum",
        "status": "Stand van zaken", "type": "Aard der werken",
    }  # fmt: skip
    assert told.status == {"Voorlopig": "indicative", "Vergund": "confirmed", "Uitgesteld": "indicative"}
    assert {word: (rule.kind, rule.opens_surface) for word, rule in told.type.items()} == {
        "Vernieuwen gasleiding": ("groundworks", True),
        "Gevelsteiger": ("works", False),
        "Diverse": ("groundworks", True),
    }


def test_what_is_only_likely_has_a_mark_at_the_head_and_behind_its_line(tmp_path: Path) -> None:
    proposal = propose(str(papers.workbook(tmp_path, FLEMISH)), "works", settings.load(language="nl"))
    marked = [line.partition(" =")[0] for line in proposal.text.splitlines() if line.endswith("  # ?")]
    assert marked == ["Uitgesteld", "Voorlopig", "Diverse"]
    for word in ("'Uitgesteld'", "'Voorlopig'", "'Diverse'"):
        assert any(word in doubt for doubt in proposal.doubts), word
    assert not any("gasleiding" in doubt or "steiger" in doubt for doubt in proposal.doubts)


@pytest.mark.parametrize(
    ("word", "kind", "opens", "sure"),
    [
        ("Herstelling voetpad", "groundworks", True, True),
        ("Omleiding", "works", False, True),
        ("Heraanleg Grote Markt", "groundworks", True, True),
        ("Brandkraan plaatsen", "groundworks", True, False),
        ("Torenkraan", "works", False, True),
        ("Wekelijkse markt", "event", False, False),
        ("Werk", "works", False, False),
        ("Grondwerk", "groundworks", True, True),
    ],
)
def test_a_kind_of_works_is_known_likely_or_in_doubt(
    tmp_path: Path, word: str, kind: str, opens: bool, sure: bool
) -> None:
    lines = [{**row, "Soort": word} for row in papers.table()]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="en"))
    rule = parse_mapping(proposal.text, "it").type[word]
    assert (rule.kind, rule.opens_surface) == (kind, opens)
    assert any(repr(word) in doubt for doubt in proposal.doubts) != sure


def test_help_layers_of_a_drawing_are_left_out_with_a_doubt(tmp_path: Path) -> None:
    drawn = ezdxf.readfile(papers.drawing(tmp_path))
    for layer in ("Defpoints", "KADER", "A-HULPLIJNEN", "TEKST", "0"):
        drawn.modelspace().add_line((68_700, 179_100), (68_720, 179_100), dxfattribs={"layer": layer})
    drawn.saveas(tmp_path / "works.dxf")
    proposal = propose(str(tmp_path / "works.dxf"), "works", settings.load(language="nl"))
    told = parse_mapping(proposal.text, "it")
    [rule] = told.skip
    assert (rule.field, rule.is_) == ("layer", ("A-HULPLIJNEN", "Defpoints", "KADER", "TEKST"))
    assert told.type.keys() == {"0", "RIOOL", "WERFZONE"}
    assert next(line for line in proposal.text.splitlines() if line.startswith("0 =")).endswith("# ?")
    assert any("'Defpoints'" in doubt for doubt in proposal.doubts)
    assert {"starts_on", "ends_on"} <= told.constants.keys()  # nobody drew the days


def test_the_words_of_defects_become_categories(tmp_path: Path) -> None:
    lines = [
        {"Nr": n, "Soort": word, "X": row["X"], "Y": row["Y"]}
        for n, (word, row) in enumerate(
            zip(("Losse tegel", "Verzakking", "Zwerfvuil"), papers.table(), strict=True)
        )
    ]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "repairs", settings.load(language="en"))
    assert [row.cells["category"] for row in proposal.rows] == ["loose_slab", "subsidence", "other"]
    assert any("'Zwerfvuil'" in doubt for doubt in proposal.doubts)


@pytest.mark.parametrize(
    ("hours", "last"), [(("00:00", "16:30", "00:00"), (8, 9, 8)), (("00:00", "00:00", "00:00"), (9, 9, 9))]
)
def test_midnight_takes_no_day_where_ends_have_hours_and_is_only_a_way_of_writing_where_none_has(
    tmp_path: Path, hours: tuple[str, ...], last: tuple[int, ...]
) -> None:
    lines = [{**row, "Tot": f"2026-10-09T{hour}"} for row, hour in zip(papers.table(), hours, strict=True)]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="en"))
    assert [row.cells["days"] for row in proposal.rows] == [
        f"2026-10-01 to 2026-10-0{day} included" for day in last
    ]


def test_days_with_two_digits_of_the_year_are_read(tmp_path: Path) -> None:
    lines = [{**row, "Van": "1/3/27", "Tot": "5/3/27"} for row in papers.table()]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="en"))
    assert [row.cells["days"] for row in proposal.rows] == ["2027-03-01 to 2027-03-05 included"] * 3
    assert any(doubt.startswith("dates: ") for doubt in proposal.doubts)


def test_a_column_that_is_called_so_but_holds_something_else_is_named(tmp_path: Path) -> None:
    lines = [{**row, "Van": "na de winter"} for row in papers.table()]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="nl"))
    assert (
        "starts_on: kolom Van heet zo, maar haar waarden zijn er niet naar (“na de winter”)"
        in proposal.doubts
    )
    assert {row.refused for row in proposal.rows} == {"starts_on: nog te zeggen in de mapping"}


def test_another_column_that_fits_as_well_is_named(tmp_path: Path) -> None:
    lines = [{**row, "Startdatum vergund": "2026-11-01"} for row in papers.table()]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="nl"))
    assert "starts_on: ook Startdatum vergund past; Van is gekozen" in proposal.doubts


def test_days_written_in_a_form_of_their_own_are_recognised(tmp_path: Path) -> None:
    lines = [{**row, "Van": "1.10.2026", "Tot": "13.10.2026"} for row in papers.table()]
    proposal = propose(str(papers.csv_file(tmp_path, lines)), "works", settings.load(language="en"))
    assert [row.cells["days"] for row in proposal.rows] == ["2026-10-01 to 2026-10-13 included"] * 3


def test_several_layers_are_asked_about(tmp_path: Path) -> None:
    file = papers.geopackage(tmp_path)
    papers.frame().to_file(file, layer="meldingen", driver="GPKG")
    with pytest.raises(InvalidInput, match="werken, meldingen: say which in `layer`"):
        propose(str(file), "works", settings.load(language="en"))


def test_the_command_shows_and_saves_and_stores_nothing(tmp_path: Path) -> None:
    file, mapping = papers.geopackage(tmp_path), tmp_path / "mine.toml"
    asked = CliRunner().invoke(app, ["import", "works", str(file), "--json", "--save", str(mapping)])
    assert asked.exit_code == 0, asked.output
    answer: dict[str, Any] = json.loads(asked.stdout.splitlines()[0])
    assert answer["text"] == mapping.read_text(encoding="utf-8")
    assert len(answer["rows"]) == 3
    again = CliRunner().invoke(app, ["import", "works", str(file), "--json", "--save", str(mapping)])
    assert again.exit_code != 0  # nothing is written over
    read = CliRunner().invoke(
        app, ["import", "works", str(file), "--mapping", str(mapping), "--only-read", "--json"]
    )
    assert (read.exit_code, json.loads(read.stdout)["created"]) == (0, 3)


def test_a_mapping_that_leaves_something_to_a_person_is_not_used_before_that(tmp_path: Path) -> None:
    rows = [
        {"naam": "a", "van": "2027-01-04", "tot": "2027-01-08"},
        {"naam": "a", "van": "2027-02-01", "tot": "2027-02-05"},
    ]
    file = tmp_path / "werken.csv"
    file.write_text(
        "\n".join(["naam,van,tot,lon,lat", *(f"{r['naam']},{r['van']},{r['tot']},3.21,50.92" for r in rows)]),
        encoding="utf-8",
    )
    saved = tmp_path / "mapping.toml"
    saved.write_text(propose(str(file), "works", settings.load(home=tmp_path)).text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="id, owner still has to be decided"):
        load_mapping(str(saved))
