"""Each reason for an error has its sentence in each language, with parameters that the place of the error really gives."""

import ast
import string
from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest
from pydantic_core import core_schema

from geo_service import i18n
from geo_service.domain import errors, messages
from geo_service.i18n import Translator
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.pipeline.rejections import Rejections
from geo_service.intake.records import Rejection
from tests import refusals
from tests.refusals import ALL, FOUND, PACKAGE, Refusal

LANGUAGES = i18n.LANGUAGES
OF_PYDANTIC = set(get_args(core_schema.ErrorType))
DUTCH, ENGLISH = Translator("nl", date(2026, 11, 23)), Translator("en", date(2026, 11, 23))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def in_language(language: str, one: Refusal) -> str | None:
    return messages.template(language, one.reason, dict.fromkeys(sorted(one.params), "x"))


def test_there_are_places_that_refuse() -> None:
    assert len({one.place for one in FOUND}) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_a_sentence_that_its_place_can_fill(language: str) -> None:
    lacking = {
        (one.place, one.reason)
        for one in ALL
        if (sentence := in_language(language, one)) is None or not placeholders(sentence) <= one.params
        if (language, one.reason) != ("en", "interrupted")
        and (language, one.reason) != ("en", "no_server_account")
    }
    assert lacking == set()


def test_english_has_a_sentence_of_its_own_for_each_reason() -> None:
    """It is what the log says, and what a language without this variant is translated from."""
    assert {(one.place, one.reason) for one in FOUND if one.reason not in messages.catalogue("en")} == set()


def test_each_parameter_is_in_a_sentence_of_some_language() -> None:
    used: dict[str, set[str]] = {}
    for one in FOUND:
        of_place = used.setdefault(one.place, {"words"})
        for language in LANGUAGES:
            of_place |= placeholders(in_language(language, one) or "")
    assert sorted({f"{one.place} {name}" for one in FOUND for name in one.params - used[one.place]}) == []


def unworded() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and not call.args
                and getattr(call.func, "id", None) in refusals.ERRORS - refusals.SPOKEN_BY_TITLE
            ):
                yield f"{path.relative_to(PACKAGE)}:{call.lineno}"


def test_whoever_raises_an_error_says_why() -> None:
    assert list(unworded()) == []


def test_nothing_that_is_raised_for_a_person_is_an_error_of_the_framework() -> None:
    """Its text would be English for ever; what there is of it is worded by its status in `api/`. A redirect to the login page has no text."""
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "HTTPException"
    }
    redirects = {"api/own_account.py"}
    assert found == {"api/open311_forms.py", "api/uploads.py", "demo/peer.py"} | redirects


@pytest.mark.parametrize(
    ("error", "dutch", "english"),
    [
        (errors.SourceUnreachable("file_empty", file="a.csv"), "a.csv is leeg", "a.csv is empty"),
        (errors.DatabaseUnreachable(), "De dienst antwoordt niet. Er is niets verloren gegaan.", "The database does not answer."),
        (errors.InvalidTransition("repair_is_already", status="done", id="7"), "deze herstelling is al hersteld", "repair 7 is done already"),
        (errors.NotAllowed("role_may_not", role="viewer", roles=["workshop", "admin"]), "de rol lezer mag dit niet; dat mag: werkplaatsen, beheerder", "role viewer may not do this; it needs one of: workshop, admin"),
        (errors.InvalidInput.one("service_code", "missing"), "service_code: is verplicht", "service_code: is required"),
        (errors.InvalidInput.one("target", "not_a_url.user"), "target: moet een https-adres zijn, zonder gebruiker, wachtwoord of fragment", "target: must have no user, password or fragment in it"),
    ],
)  # fmt: skip
def test_any_error_is_one_line_in_each_language(
    error: errors.GeoServiceError, dutch: str, english: str
) -> None:
    assert DUTCH.error(error) == dutch
    assert ENGLISH.error(error) == str(error) == english


def test_a_variant_is_no_part_of_the_code_for_clients() -> None:
    [wrong] = errors.InvalidInput.one("target", "not_a_url.user").errors
    assert wrong.code == Rejection(1, None, "not_a_url.user", None).code == "not_a_url"
    assert Rejections(
        [Rejection(1, None, "not_a_url.user", None), Rejection(2, None, "not_a_url", None)]
    ).by_code() == {"not_a_url": 2}


def test_what_pydantic_finds_in_a_mapping_is_said_in_dutch() -> None:
    wrong = 'about = "t"\nsource = "t"\ntarget = "works"\nheader_row = 0\n[fields]\nid = { from = ["a"] }\nnaam = { from = ["b"] }\n[status]\nx = "zeker"\n'
    with pytest.raises(errors.InvalidInput) as refused:
        parse_mapping(wrong, "t.toml")
    assert DUTCH.error(refused.value) == (
        "mapping: t.toml klopt niet: header_row: moet 1 of meer zijn; status.x: kies uit: "
        "'indicative', 'planned', 'confirmed', 'in_progress', 'done' or 'cancelled'"
    )
    assert str(refused.value).startswith(
        "mapping: t.toml: header_row: Input should be greater than or equal to 1; status.x: Input should be "
    )
    with pytest.raises(errors.InvalidInput) as refused:
        parse_mapping("about = x", "t.toml")
    assert DUTCH.error(refused.value) == "mapping: t.toml is geen TOML: kijk na op regel 1, teken 9"
    assert str(refused.value) == "mapping: t.toml is no TOML: Invalid value (at line 1, column 9)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_over_and_they_are_sorted_text(language: str) -> None:
    texts = messages.catalogue(language)
    assert list(texts) == sorted(texts)
    assert [key for key, text in texts.items() if not text.strip() or "!" in text.replace("!r}", "}")] == []
    used = {key for one in ALL for key in (one.reason, messages.code_of(one.reason))}
    used |= {f"{messages.code_of(one.reason)}.{name}" for one in ALL for name in one.params}
    ours = {key for key in texts if messages.code_of(key) not in OF_PYDANTIC | {"format"}}
    assert ours - used == set()


def test_every_language_has_the_codes_of_the_others() -> None:
    """What pydantic finds has an English of its own."""
    codes = {
        language: {messages.code_of(key) for key in messages.catalogue(language)} for language in LANGUAGES
    }
    assert codes["nl"] - codes["en"] - OF_PYDANTIC == {"interrupted", "no_server_account"}
    assert codes["en"] - codes["nl"] == set()


def test_figures_go_through_the_spool_and_come_out_in_words() -> None:
    one = Rejection(
        3, "A-1", "merged_cells.column", None, {"spans": ["B4:C4", "D4:E4"], "column": "van"}, line=4
    )
    [kept] = Rejections([one])
    assert DUTCH.row_rejection(kept.reason, kept.message, kept.params, kept.line) == (
        "rij 4: B4:C4, D4:E4 is samengevoegd, waardoor van hier leeg kan zijn"
    )
    assert ENGLISH.row_rejection(kept.reason, kept.message, kept.params, kept.line) == (
        "row 4: B4:C4, D4:E4 is merged, so that van may be empty here"
    )
    assert DUTCH.row_rejection("id_missing", "there is no id", {}, None) == "er staat geen id"


def test_a_reason_that_a_mapping_words_itself_stays_as_it_is() -> None:
    [one] = errors.InvalidInput.one("zone", "duplicate", words="in de haven doen wij niets").errors
    assert one.message == DUTCH.rejection(one.reason, one.message, one.params) == "in de haven doen wij niets"


def test_one_that_was_kept_without_its_figures_is_told_in_english() -> None:
    assert DUTCH.rejection("duplicate", "api W-1 exists already", {}) == "api W-1 exists already"
