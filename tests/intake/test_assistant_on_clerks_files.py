"""What the assistant proposes for a clerk's files brings them in right, once the open things are filled in, and names the rest."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from geo_service import settings
from geo_service.cli import app
from geo_service.domain.errors import InvalidInput
from geo_service.intake.assistant.header_row import head_row
from geo_service.intake.assistant.proposal import Proposal, propose
from geo_service.intake.formats.raw_record import ReadOptions
from geo_service.intake.mapping.definition import Mapping, parse_mapping
from tests.intake import papers
from tests.intake.conftest import write_json
from tests.intake.reading import Came, came, collection, feature, simple


def proposed(file: Path, target: Any = "works", **known: Any) -> Proposal:
    return propose(str(file), target, settings.load(language="nl"), options=ReadOptions(**known))


def mapping_of(proposal: Proposal) -> Mapping:
    return parse_mapping(proposal.text, "it")


def brought(file: Path, proposal: Proposal, **said: str) -> Came:
    """What comes in when somebody says what the proposal leaves open."""
    text = proposal.text
    for field, value in said.items():
        assert f'{field} = "?"' in text
        text = text.replace(f'{field} = "?"', f'{field} = "{value}"')
    assert '"?"' not in text
    return came(file, text)


@pytest.fixture
def desk(shared: Path) -> Path:
    return shared / "findings" / "2026-11" / "files"


def test_a_planning_in_excel_with_titles_merged_heads_and_dutch_days(desk: Path) -> None:
    file = desk / "desk-02-excel-title-row-no-way-on" / "Geplande werken Q1 2027.xlsx"
    proposal = proposed(file)
    assert (mapping_of(proposal).header_row, mapping_of(proposal).dates.year) == (4, 2027)
    found = brought(file, proposal)
    assert (len(found.works), [one.code for one in found.rejections]) == (13, ["total_row"])
    days = dict(zip([one.source_id for one in found.works], found.days, strict=True))
    assert days["2027-003"] == ("2027-03-08", "2027-03-20")
    assert days["2027-008"] == ("2027-02-15", "2027-03-08")  # week 7 to week 9
    assert days["2027-011"] == ("2027-02-01", "2027-02-13")
    assert found.works[-1].owner == "Fluvius"  # a merged cell


def test_a_drawing_on_a_globe(desk: Path) -> None:
    file = desk / "desk-03-kml-folders-gpkg-layers" / "Google Earth werken.kml"
    found = brought(file, proposed(file), owner="Fluvius")
    assert (len(found.works), found.rejections) == (4, [])
    assert found.days[-1] == ("2027-06-01", "2027-06-02")


def test_a_drawing_of_an_engineer_leaves_its_owner_open(desk: Path) -> None:
    file = desk / "desk-04-dxf-owner-onbekend" / "Ontwerp riolering Gentsestraat.dxf"
    proposal = proposed(file)
    assert {name for name, value in mapping_of(proposal).constants.items() if value == "?"} == {"owner", "starts_on", "ends_on"}  # fmt: skip
    found = brought(file, proposal, owner="Aquafin", starts_on="2027-03-01", ends_on="2027-06-30")
    assert (len(found.works), {one.owner for one in found.works}) == (8, {"Aquafin"})
    assert {one.code for one in found.rejections} == {
        "dxf_without_ground",
        "help_layer",
        "geometry_outside_region",
    }


def test_an_export_of_excel_as_csv(desk: Path) -> None:
    file = desk / "desk-05-csv-daymonth-doubt" / "werken export.csv"
    proposal = proposed(file)
    assert not [doubt for doubt in proposal.doubts if doubt.startswith("dates")]
    assert "niet gebruikt: 'Lengte (m)'" in proposal.doubts
    found = brought(file, proposal)
    assert (len(found.works), found.refused) == (17, {"15": "geometry_missing", "16": "ends_before_start"})
    assert len({round(one.phases[0].geometry.centroid.x) for one in found.works}) > 10


def test_a_layer_that_is_said_is_read_and_the_other_named(desk: Path) -> None:
    file = desk / "desk-01-curves-refused-as-damaged" / "Planning Aquafin.gpkg"
    proposal = proposed(file, layer="werken")
    assert any("hinder" in doubt for doubt in proposal.doubts)
    found = brought(file, proposal)
    assert (len(found.works), set(found.refused.values())) == (9, {"geometry_empty", "geometry_missing"})


HEADS = {
    "fr": ["N° dossier", "Maître d'ouvrage", "Rue", "Numéro", "Date de début", "Date de fin", "État", "Nature des travaux"],
    "de": ["Lfd. Nr.", "Bauherr", "Straße", "Hausnummer", "Baubeginn", "Bauende", "Status", "Art"],
    "en": ["Reference", "Promoter", "Street", "House number", "Start date", "End date", "Status", "Work type"],
    "nl": ["Dossiernr.", "Bouwheer", "Straat", "Huisnr.", "Begindatum", "Einddatum", "Stand van zaken", "Aard der werken"],
}  # fmt: skip


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("above", [[], [["Planning 2027"]], [["Planning 2027"], [], ["bijgewerkt", "27/11/2026"], [None, None, "Plaats"]]])  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_heads_in_four_languages_are_found_below_what_stands_above_them(
    tmp_path: Path, language: str, above: list[list[Any]], form: str
) -> None:
    table = [*above, HEADS[language], *([f"D-{n}", "Fluvius", "Gentsestraat", str(n), f"1{n}/03/2027", f"2{n}/03/2027", "Gepland", "Sleuf"] for n in range(1, 6))]  # fmt: skip
    if form == "csv":
        file = tmp_path / "a.csv"
        file.write_text("\n".join(";".join("" if cell is None else cell for cell in row) for row in table), "utf-8")  # fmt: skip
    else:
        file = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in table:
            book.active.append(row)
        book.save(file)
    mapping = mapping_of(proposed(file))
    assert mapping.header_row == len(above) + 1
    asked = {name: rule.from_[0] for name, rule in mapping.fields.items()}
    names = HEADS[language]
    assert (asked["id"], asked["owner"], asked["starts_on"], asked["ends_on"], asked["status"], asked["type"]) == (names[0], names[1], names[4], names[5], names[6], names[7])  # fmt: skip
    assert mapping.place is not None and (mapping.place.street, mapping.place.house_number) == (names[2], names[3])  # fmt: skip


def works(count: int = 12, **change: Any) -> list[dict[str, Any]]:
    """Works of a city that publishes what is open, a day apart."""
    return [
        feature(nr=f"N{n}", van=f"2026-09-{n % 20 + 1:02}", tot=f"2026-12-{n % 20 + 1:02}", eigenaar="Fluvius", **{name: value(n) for name, value in change.items()})
        for n in range(count)
    ]  # fmt: skip


def test_works_that_all_run_are_not_called_planned(tmp_path: Path) -> None:
    proposal = proposed(write_json(tmp_path / "a.geojson", collection(*works())))
    assert mapping_of(proposal).status_default == "in_progress"
    spread = [feature(nr=f"N{n}", van=f"2027-{n + 1:02}-01", tot=f"2027-{n + 1:02}-20", eigenaar="x") for n in range(12)]  # fmt: skip
    proposal = proposed(write_json(tmp_path / "b.geojson", collection(*spread)))
    assert mapping_of(proposal).status_default == "planned"


def test_of_two_columns_with_types_the_fine_one_is_taken(tmp_path: Path) -> None:
    fine = ("Sleuf gas", "Sleuf water", "Steiger", "Container")
    rows = works(
        soort=lambda n: "Ondergronds" if n % 4 < 2 else "Bovengronds", type_werk=lambda n: fine[n % 4]
    )
    mapping = mapping_of(proposed(write_json(tmp_path / "a.geojson", collection(*rows))))
    assert (mapping.fields["type"].from_, set(mapping.type)) == (("type_werk",), set(fine))


@pytest.mark.parametrize("name", ["id_emprise", "ID_werk", "num_chantier", "werkcode"])
def test_a_column_that_names_each_row_is_its_id(tmp_path: Path, name: str) -> None:
    rows = works(**{name: lambda n: f"CH_{n:05}"}, dossier=lambda n: f"D{n // 3}")
    for row in rows:
        del row["properties"]["nr"]
    mapping = mapping_of(proposed(write_json(tmp_path / "a.geojson", collection(*rows))))
    assert mapping.fields["id"].from_ == (name,)


def test_reports_of_citizens_in_french_are_known(tmp_path: Path) -> None:
    rows = [
        feature(
            None,
            id_dmr=f"S{n}",
            datedecl=f"2027-01-{n + 1:02}",
            type="Nid de poule",
            adresse=f"{n + 1} rue des Fleurs, 75012 PARIS",
        )
        for n in range(6)
    ]
    for row in rows:
        for name in ("nr", "straat", "van", "tot"):
            del row["properties"][name]
    mapping = mapping_of(proposed(write_json(tmp_path / "a.geojson", collection(*rows)), "repairs"))
    assert (mapping.fields["id"].from_, mapping.fields["reported_at"].from_) == (("id_dmr",), ("datedecl",))
    assert mapping.place is not None and mapping.place.address == "adresse"


def test_a_point_and_else_an_address_are_proposed_where_some_have_no_point(tmp_path: Path) -> None:
    table = [{**row, "Adres": f"Gentsestraat {n}"} for n, row in enumerate(papers.table(), start=1)]
    table[1] |= {"X": "", "Y": ""}
    place = mapping_of(proposed(papers.csv_file(tmp_path, table))).place
    assert place is not None and (place.x, place.address) == ("X", "Adres")


@pytest.mark.parametrize(
    ("values", "formats", "either_way"),
    [
        (["01/03/2027", "13/3/27"], ("%d/%m/%Y", "%d/%m/%y"), False), (["01/03/2027", "02/03/27"], ("%d/%m/%Y", "%d/%m/%y"), True),
        (["27-03-01", "27-03-31"], ("%y-%m-%d",), False), (["46447", "46456"], ("excel",), False), (["8 maart 2027", "1 feb. 2027"], ("iso",), False),
        (["1803859200000", "1804636800000"], ("iso",), False), (["03/13/2027", "03/14/2027"], ("%m/%d/%Y",), False),
    ],
)  # fmt: skip
def test_how_days_are_written_is_found_out(
    tmp_path: Path, values: list[str], formats: tuple[str, ...], either_way: bool
) -> None:
    table = [{**row, "Van": day, "Tot": day} for row, day in zip(papers.table(), values, strict=False)]
    proposal = proposed(papers.csv_file(tmp_path, table))
    assert set(mapping_of(proposal).dates.formats) == set(formats)
    assert any("dag/maand" in doubt for doubt in proposal.doubts) == either_way
    assert len(came(papers.csv_file(tmp_path, table), proposal.text).works) == len(values)


def test_a_table_with_its_names_on_top_is_left_as_it_is(tmp_path: Path) -> None:
    assert head_row(str(papers.csv_file(tmp_path, papers.table())), ReadOptions()) == 1


def cli(*words: str) -> Any:
    return CliRunner().invoke(app, ["import", *words, "--json"])


def test_the_command_takes_what_is_known_as_options_or_as_a_part_of_a_mapping(tmp_path: Path) -> None:
    file = papers.geopackage(tmp_path)
    papers.frame().to_file(file, layer="hinder", driver="GPKG")
    assert isinstance(cli("works", str(file)).exception, InvalidInput)
    assert '\nlayer = "hinder"' in json.loads(cli("works", str(file), "--layer", "hinder").stdout)["text"]
    part = tmp_path / "part.toml"
    part.write_text('layer = "werken"\n', encoding="utf-8")
    assert '\nlayer = "werken"' in json.loads(cli("works", str(file), "--mapping", str(part)).stdout)["text"]
    whole = tmp_path / "whole.toml"
    whole.write_text(papers.MAPPING, encoding="utf-8")
    asked = cli("works", str(file), "--mapping", str(whole), "--layer", "werken")
    assert (
        isinstance(asked.exception, InvalidInput) and asked.exception.errors[0].code == "only_without_mapping"
    )


def test_the_command_says_how_many_were_left_out_for_each_reason(tmp_path: Path) -> None:
    rows = [feature(nr=f"A{n}", van="nooit" if n else "2027-03-01") for n in range(4)]
    mapping = tmp_path / "m.toml"
    mapping.write_text(simple(), encoding="utf-8")
    answer = json.loads(cli("works", str(write_json(tmp_path / "a.geojson", collection(*rows))), "--mapping", str(mapping), "--only-read").stdout)  # fmt: skip
    assert (answer["rejected_by_code"], len(answer["rejections"])) == ({"date_invalid": 3}, 3)
