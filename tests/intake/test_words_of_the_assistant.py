"""What the assistant takes a word for: works that break the ground are never surely something else, a refusal is no permit."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo_service import settings
from geo_service.intake.assistant.columns import columns_of, place_of
from geo_service.intake.assistant.proposal import propose
from geo_service.intake.mapping.column_words import CERTAINTIES, URGENCIES, column_fit, first_fit, kind_fit
from geo_service.intake.mapping.definition import parse_mapping


@pytest.mark.parametrize(
    "word",
    [
        "Rioleringswerken met omleiding", "Nutswerken + parkeerverbod", "Fouille d'inspection", "Sleufwerken, parkeerverbod en signalisatie",
        "Tranchée avec interdiction de stationnement", "Branchement gaz + stockage", "Fouille et échafaudage", "Inspection et réparation d'égout",
        "Heraanleg voetpad en signalisatie", "Opbraak voetpad t.b.v. steiger", "Waterleiding + omleiding fietsers", "Kabels in bestaande sleuf",
        "Aanleg feestplein met riolering",
    ],
)  # fmt: skip
def test_works_that_break_the_ground_open_it_whatever_they_do_beside(word: str) -> None:
    match = kind_fit(word)
    assert match is not None and (match[0].opens_surface, match[1]) == (True, False)


@pytest.mark.parametrize(
    ("word", "sure"),
    [
        ("Omleiding", True), ("Omleidingen", True), ("Plaatsen steiger", True), ("Stelling op het voetpad", False), ("Parkeerverbod", True),
        ("Container op voetpad", False), ("Feestverlichting", False), ("Buurtfeest", True),
    ],
)  # fmt: skip
def test_what_only_takes_up_room_opens_nothing(word: str, sure: bool) -> None:
    match = kind_fit(word)
    assert match is not None and (match[0].opens_surface, match[1]) == (False, sure)


@pytest.mark.parametrize(
    ("word", "certainty"),
    [
        ("Accord refusé", "cancelled"), ("Authorisation refused", "cancelled"), ("Autorisé puis annulé", "cancelled"), ("Vergunning geweigerd", "cancelled"),
        ("Accord en attente", "indicative"), ("Lopende aanvraag", "indicative"), ("Lopende studie", "indicative"), ("Terminé partiellement", "in_progress"),
        ("Gedeeltelijk uitgevoerd", "in_progress"), ("Accord", "confirmed"), ("Lopend", "in_progress"), ("Terminé", "done"), ("Granted", "confirmed"),
        ("geplant", "planned"), ("abgeschlossen", "done"), ("Autorisé (En phase de réalisation)", "in_progress"),
    ],
)  # fmt: skip
def test_a_refusal_or_a_request_is_no_permit(word: str, certainty: str) -> None:
    match = first_fit(word, CERTAINTIES)
    assert match is not None and match[0] == certainty


def test_a_word_of_two_statuses_is_a_doubt() -> None:
    assert [first_fit(word, CERTAINTIES) for word in ("Autorisé puis annulé", "Accord")] == [("cancelled", False), ("confirmed", True)]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("X (Lambert 2008)", "Y (Lambert 2008)"), "x"), (("X [m]", "Y [m]"), "x"), (("X\n(m)", "Y\n(m)"), "x"), (("X_L08", "Y_L08"), "x"),
        (("Xcoord_LB72", "Ycoord_LB72"), "x"), (("POINT_X", "POINT_Y"), "x"), (("Coordonnée X", "Coordonnée Y"), "x"), (("Rechtswert", "Hochwert"), "x"),
    ],
)  # fmt: skip
def test_coordinates_go_before_a_running_number_beside_a_street(names: tuple[str, str], place: str) -> None:
    rows = [{"nr": str(n), "straat": "Gentsestraat", names[0]: f"56925{n}.3", names[1]: "679571.5"} for n in (1, 2, 3)]  # fmt: skip
    assert place_of(columns_of(rows)).get(place) == names[0]
    without = [{name: row[name] for name in ("nr", "straat")} for row in rows]
    assert place_of(columns_of(without)) == {}


@pytest.mark.parametrize("ground", ["SRID=31370;POINT(69060 179569)", "0101000000000000000000F03F000000000000F03F"])  # fmt: skip
def test_wkt_with_its_srid_and_wkb_are_a_place(ground: str) -> None:
    rows = [{"nr": n, "straat": "Gentsestraat", "geom": ground} for n in (1, 2)]
    assert place_of(columns_of(rows)) == {"wkt": "geom"}


def test_the_urgency_of_repairs_is_proposed(tmp_path: Path) -> None:
    file = tmp_path / "meldingen.csv"
    lines = [f"{n};2026-11-0{n};Gentsestraat;{n + 6};put;{word};3.2176;50.9208" for n, word in enumerate(("gevaar", "hoog", "laag", "quux"), start=1)]  # fmt: skip
    file.write_text("\n".join(["meldingsnr;gemeld op;straat;nr;categorie;dringendheid;lon;lat", *lines]), encoding="utf-8")  # fmt: skip
    proposal = propose(str(file), "repairs", settings.load(language="nl"))
    assert parse_mapping(proposal.text, "it").urgency == {"gevaar": "danger", "hoog": "high", "laag": "low"}
    assert any("'quux'" in doubt for doubt in proposal.doubts)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Date de fin prévue", "ends_on"), ("Fin prévue", "ends_on"), ("Fin des travaux", "ends_on"), ("geplantes Ende", "ends_on"), ("Bauzeit bis", "ends_on"),
        ("Planned end", "ends_on"), ("Verwacht einde", "ends_on"), ("Date de début prévue", "starts_on"), ("Bauzeit von", "starts_on"),
        ("Proposed start", "starts_on"), ("Permit No.", "id"), ("Art der Maßnahme", "type"),
    ],
)  # fmt: skip
def test_a_head_of_another_language_is_surely_a_field(name: str, field: str) -> None:
    match = column_fit(name, field)
    assert match is not None and match.sure


@pytest.mark.parametrize(
    "word",
    ["geen gevaar", "Geen onmiddellijk gevaar", "ongevaarlijk", "sans danger", "not dangerous", "keine Gefahr", "niet urgent", "non urgent"],
)  # fmt: skip
def test_what_is_denied_is_no_danger_and_not_urgent(word: str) -> None:
    assert first_fit(word, URGENCIES) is None


@pytest.mark.parametrize("word", ["niet geannuleerd", "non annulé", "vergunning niet geweigerd", "heropstart na annulering"])  # fmt: skip
def test_what_is_denied_is_not_cancelled(word: str) -> None:
    assert first_fit(word, CERTAINTIES) is None


def test_a_word_that_denies_keeps_its_meaning() -> None:
    assert first_fit("Niet uitgevoerd", CERTAINTIES) == ("cancelled", True)
    assert first_fit("niet dringend", URGENCIES) == ("normal", False)
    assert first_fit("Niet ingepland", CERTAINTIES) == ("indicative", True)
