"""A word is the word that its writer means; a new word in a feed of known ones is told, and its works are not lost."""

from pathlib import Path
from typing import Any, get_args

import pytest

from geo_service.i18n import Language, Translator
from geo_service.intake.mapping.vocabulary import Vocabulary
from geo_service.intake.remarks import Remarks, WordField, sentences
from tests.intake.conftest import write_json
from tests.intake.publisher import TODAY
from tests.intake.reading import POINT, came, collection, feature

WORDS = """
about = "test"
source = "desk"
target = "works"
{}
[constants]
owner = "Fluvius"
[fields]
id = {{ from = ["nr"] }}
starts_on = {{ from = ["van"] }}
ends_on = {{ from = ["tot"] }}
status = {{ from = ["status"] }}
type = {{ from = ["soort"] }}
[status]
"Autorisé" = "confirmed"
"Refusé (En phase de réalisation)" = "in_progress"
"Refusé*" = "cancelled"
"*in uitvoering" = "in_progress"
[type]
"Travaux sur l'égout" = {{ kind = "groundworks", opens_surface = true }}
"Espaces verts - Végétalisation" = {{ kind = "works", opens_surface = false }}
"""


def features(*said: tuple[str, str]) -> dict[str, Any]:
    return collection(*(feature(POINT, nr=f"A{n}", status=status, soort=kind) for n, (status, kind) in enumerate(said)))  # fmt: skip


@pytest.mark.parametrize(
    ("status", "certainty"),
    [
        ("Autorisé", "confirmed"), ("autorise", "confirmed"), ("AUTORISÉ ", "confirmed"), ("Autorise\u0301", "confirmed"), ("Refusé (Incomplet)", "cancelled"),
        ("Refusé", "cancelled"), ("refuse  (en phase de realisation)", "in_progress"), ("werken in uitvoering", "in_progress"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["Travaux sur l’égout", "Travaux sur l'égout", "TRAVAUX SUR L‘EGOUT", "travaux  sur l´égout"])  # fmt: skip
def test_a_word_is_the_same_in_other_quotes_accents_and_capitals(
    tmp_path: Path, status: str, certainty: str, kind: str
) -> None:
    [works] = came(write_json(tmp_path / "a.geojson", features((status, kind))), WORDS.format("")).works
    assert (works.certainty, works.phases[0].opens_surface) == (certainty, True)


@pytest.mark.parametrize("kind", ["Espaces verts – Végétalisation", "Espaces verts — Végétalisation", "espaces verts‑vegetalisation".replace("‑", " ‑ ")])  # fmt: skip
def test_dashes_are_one(tmp_path: Path, kind: str) -> None:
    [works] = came(write_json(tmp_path / "a.geojson", features(("Autorisé", kind))), WORDS.format("")).works
    assert not works.phases[0].opens_surface


def test_a_word_as_it_is_written_goes_before_the_same_otherwise_and_that_before_a_pattern() -> None:
    words = Vocabulary({"Gepland": 1, "gepland": 2, "gep*": 3, "*d": 4, "a*b": 5})
    assert [words.get(one) for one in ("Gepland", "gepland", "GEPLAND", "geparkeerd", "goed", "a*b", "axxb", "x")] == [1, 2, 1, 3, 4, 5, 5, None]  # fmt: skip


KNOWN = ("Autorisé", "Travaux sur l'égout")


def test_an_unknown_word_among_known_ones_is_told_and_its_works_come_in(tmp_path: Path) -> None:
    file = write_json(tmp_path / "a.geojson", features(KNOWN, KNOWN, ("Suspendu", KNOWN[1]), (KNOWN[0], "Rêve"), (KNOWN[0], "Rêve")))  # fmt: skip
    found = came(file, WORDS.format(""))
    assert [(one.certainty, one.phases[0].opens_surface) for one in found.works[2:]] == [("planned", True), ("confirmed", True), ("confirmed", True)]  # fmt: skip
    assert (found.rejections, found.remarks.unknown_words) == ([], {"status": {"Suspendu": 1}, "type": {"Rêve": 2}})  # fmt: skip


def test_a_vocabulary_that_the_mapping_does_not_have_is_refused(tmp_path: Path) -> None:
    file = write_json(tmp_path / "a.geojson", features(("1", KNOWN[1]), ("2", KNOWN[1]), KNOWN))
    found = came(file, WORDS.format(""))
    assert (len(found.works), set(found.refused.values())) == (1, {"status_unknown"})


def test_a_row_without_a_word_is_not_one_with_a_new_word(tmp_path: Path) -> None:
    file = write_json(tmp_path / "a.geojson", features(KNOWN, KNOWN, ("", KNOWN[1])))
    assert came(file, WORDS.format("")).refused == {"A2": "status_unknown"}


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [('is = ["Refusé*"]', {"A1", "A2"}), ('is = ["REFUSE (incomplet)"]', {"A1"}), ('is_not = ["autorisé", "*uitvoering"]', {"A1", "A2"})],
)  # fmt: skip
def test_rows_are_left_out_by_folded_words_and_patterns(
    tmp_path: Path, rule: str, left_out: set[str]
) -> None:
    skip = f'\n[[skip]]\nfield = "status"\n{rule}\ncode = "refused"\nmessage = "geweigerd"\n'
    kind = KNOWN[1]
    file = write_json(tmp_path / "a.geojson", features(KNOWN, ("Refusé (Incomplet)", kind), ("refusé", kind), ("in uitvoering", kind)))  # fmt: skip
    assert came(file, WORDS.format("") + skip).refused == dict.fromkeys(left_out, "refused")


def test_the_words_of_paris_and_the_statuses_of_brussels_come_in(shared: Path) -> None:
    folder = shared / "findings" / "2026-11" / "files"
    paris = (2.2, 48.8, 2.5, 48.95)
    found = came(folder / "real-paris-typographic-apostrophe" / "works.geojson", "data/mappings/paris-works.toml", paris)  # fmt: skip
    assert found.works and not [one for one in found.rejections if one.code == "type_unknown"]
    found = came(folder / "real-status-refused-while-running" / "works.geojson", "data/mappings/osiris.toml", (4.2, 50.7, 4.6, 51.0))  # fmt: skip
    assert found.works and not [one for one in found.rejections if one.code == "status_unknown"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("field", get_args(WordField))
def test_each_field_with_words_has_a_sentence_about_the_unknown_ones(
    field: WordField, language: Language
) -> None:
    remarks = Remarks()
    remarks.unknown(field, "Gevaar!")
    [sentence] = sentences(remarks.as_json(), Translator(language, TODAY))
    assert "Gevaar! (1)" in sentence
