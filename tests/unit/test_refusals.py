"""Whatever is refused has its reason in Dutch too, with figures that the place where it is refused really gives."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import geo_service
from geo_service import i18n
from geo_service.domain import errors
from geo_service.i18n import Translator
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.pipeline.rejections import Rejections
from geo_service.intake.records import Rejection

PACKAGE = Path(i18n.__file__).parent


def subclasses(kind: type) -> Iterator[type]:
    for module in pkgutil.walk_packages(geo_service.__path__, "geo_service."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one


CODE_AT = {
    "one": 1,
    "FieldError": 1,
    "_refuse": 1,
    "refuse": 1,
    "Rejection": 2,
    "InvalidRow": 0,
    "UnreadableValue": 0,
    "PydanticCustomError": 0,
}
"""Who refuses, and which of its arguments is the code."""
BUILT = {
    "interrupted",
    "file_missing",
    "file_is_folder",
    "file_forbidden",
    "file_not_read",
    "no_server_account",
    "id_missing",
    "owner_missing",
    "date_missing",
    "date_invalid",
} | {
    f"{prefix}{code}"
    for prefix in ("", "geometry_")
    for code in ("nested_too_deeply", "not_finite", "number_too_large")
}
"""Codes that are put together, or handed on."""
OWN_WORDS = {"skipped"}
"""What a file of services leaves out on purpose, it says itself."""
OF_PYDANTIC = {
    "bool_parsing", "date_from_datetime_parsing", "extra_forbidden", "float_parsing", "greater_than_equal", "int_parsing",
    "less_than_equal", "literal_error", "missing", "string_too_long", "string_too_short", "uuid_parsing",
}  # fmt: skip
ERRORS = {
    kind.__name__
    for kind in subclasses(errors.GeoServiceError)
    if not issubclass(kind, errors.InvalidInput | errors.BlockedByWorks)
} - {"MeasurementFailed"}
"""Whoever makes one of these says why; a bench speaks to who measures."""
SPOKEN_BY_TITLE = {"Interrupted", "RetriesExhausted", "NoServerAccount"}
"""Their sentence is that of their code, or of their class."""
FRAMEWORK = {
    "nothing_here",
    "method_not_here",
    "method_not_possible",
    "body_too_large",
    "form_too_large",
    "form_needed",
    "first_named",
    "form_unreadable",
    "formats_served",
    "internal",
}
"""What the framework refuses, worded where it is answered."""
DUTCH, ENGLISH = Translator("nl", date(2026, 11, 23)), Translator("en", date(2026, 11, 23))


@dataclass(frozen=True)
class Refusal:
    """One place in the code that refuses something."""

    place: str
    code: str | None
    figures: frozenset[str]


def refusals() -> Iterator[Refusal]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
            if name not in CODE_AT and (
                said := next((word.value for word in call.keywords if word.arg == "reason"), None)
            ):
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    place = f"{path.relative_to(PACKAGE)}:{call.lineno}"
                    yield Refusal(place, said.value, frozenset(figures_of(call)) - {"reason"})
                continue
            if (
                name not in CODE_AT
                or len(call.args) < 2
                or (
                    name not in ("InvalidRow", "UnreadableValue", "PydanticCustomError")
                    and len(call.args) < 3
                )
            ):
                continue
            code = call.args[CODE_AT[name]]
            yield Refusal(
                f"{path.relative_to(PACKAGE)}:{call.lineno}",
                code.value if isinstance(code, ast.Constant) else None,
                frozenset(figures_of(call)),
            )


def figures_of(call: ast.Call) -> Iterator[str]:
    yield from (word.arg for word in call.keywords if word.arg)
    for given in call.args:
        if isinstance(given, ast.Dict):
            yield from (key.value for key in given.keys if isinstance(key, ast.Constant))


FOUND = [one for one in refusals() if one.code not in (None, *OWN_WORDS)]


def test_there_are_places_that_refuse() -> None:
    assert len(FOUND) > 100


@pytest.mark.parametrize("one", FOUND, ids=lambda one: f"{one.place} {one.code}")
def test_each_refusal_can_be_said_in_dutch_with_its_figures(one: Refusal) -> None:
    assert one.code is not None
    sentence = i18n.refusal_of(one.code, dict.fromkeys(one.figures, "x"))
    assert sentence is not None, f"no sentence for {one.code} in refused.nl.json"
    assert set(re.findall(r"\{(\w+)\}", sentence)) <= one.figures


def unworded() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or any(word.arg == "reason" for word in call.keywords):
                continue
            if getattr(call.func, "id", None) in ERRORS - SPOKEN_BY_TITLE:
                yield f"{path.relative_to(PACKAGE)}:{call.lineno}"


def test_whoever_raises_an_error_says_why_in_a_way_that_can_be_said_in_dutch() -> None:
    assert list(unworded()) == []


def test_nothing_that_is_raised_for_a_person_is_an_error_of_the_framework() -> None:
    """Its text would be English for ever; what there is of it is worded by its status in `api/`."""
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "HTTPException"
    }
    assert found == {"api/open311_forms.py", "api/uploads.py", "demo/peer.py"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.SourceUnreachable("a.csv is empty", reason="file_empty", file="a.csv"), "a.csv is leeg"),
        (errors.DatabaseUnreachable(), "De dienst antwoordt niet. Er is niets verloren gegaan."),
        (errors.InvalidTransition("done already", reason="repair_is_already", status="done"), "deze herstelling is al hersteld"),
        (errors.NotAllowed("no", reason="role_may_not", role="viewer", roles=["workshop", "admin"]), "de rol lezer mag dit niet; dat mag: werkplaatsen, beheerder"),
        (errors.InvalidInput.one("crs", "required", "is required"), "crs: is verplicht"),
    ],
)  # fmt: skip
def test_any_error_is_said_in_one_line_of_dutch(error: errors.GeoServiceError, said: str) -> None:
    assert DUTCH.error(error) == said
    assert ENGLISH.error(error) == str(error)


def test_what_pydantic_finds_in_a_mapping_is_said_in_dutch() -> None:
    wrong = 'about = "t"\nsource = "t"\ntarget = "works"\nheader_row = 0\n[fields]\nid = { from = ["a"] }\nnaam = { from = ["b"] }\n[status]\nx = "zeker"\n'
    with pytest.raises(errors.InvalidInput) as refused:
        parse_mapping(wrong, "t.toml")
    assert DUTCH.error(refused.value) == (
        "mapping: t.toml klopt niet: header_row: moet 1 of meer zijn; status.x: kies uit: "
        "'indicative', 'planned', 'confirmed', 'in_progress', 'done' or 'cancelled'"
    )
    assert "Input should be" in str(refused.value)
    with pytest.raises(errors.InvalidInput) as refused:
        parse_mapping("about = x", "t.toml")
    assert DUTCH.error(refused.value) == "mapping: t.toml is geen TOML: kijk na op regel 1, teken 9"


def test_codes_that_are_put_together_have_a_sentence_as_well() -> None:
    assert i18n.refusals().keys() >= BUILT | OF_PYDANTIC


def test_no_sentence_is_left_over_and_they_are_sorted() -> None:
    known = list(i18n.refusals())
    assert known == sorted(known)
    codes = {key.partition(".")[0] for key in known}
    ours = {one.code for one in FOUND} | BUILT | FRAMEWORK
    pydantics = re.compile(
        r"(bool|date|datetime|dict|float|int|list|model|model_attributes|string|uuid|none|union_tag|literal|json|finite|extra|greater|less|missing|too)(_|$)"
    )
    assert {code for code in codes - ours if not pydantics.match(code)} == set()


def test_figures_go_through_the_spool_and_come_out_in_words() -> None:
    one = Rejection(3, "A-1", "merged_cells", None, "B4:C4 is merged", {"spans": ["B4:C4", "D4:E4"]}, line=4)
    [kept] = Rejections([one])
    assert DUTCH.row_rejection(kept.code, kept.message, kept.params, kept.line) == (
        "rij 4: B4:C4, D4:E4 is samengevoegd, waardoor andere cellen leeg zijn"
    )
    assert ENGLISH.row_rejection(kept.code, kept.message, kept.params, kept.line) == "row 4: B4:C4 is merged"
    assert DUTCH.row_rejection("id_missing", "there is no id", {}, None) == "er staat geen id"


def test_a_reason_that_a_mapping_words_itself_stays_as_it_is() -> None:
    assert DUTCH.rejection("too_far", "in de haven doen wij niets", {}) == "in de haven doen wij niets"


def test_one_that_was_kept_without_its_figures_is_told_in_english() -> None:
    assert DUTCH.rejection("duplicate", "api W-1 exists already", {}) == "api W-1 exists already"


def test_the_sentences_are_text() -> None:
    told = json.loads((PACKAGE / "viewer" / "locales" / "refused.nl.json").read_text(encoding="utf-8"))
    assert [key for key, text in told.items() if not text.strip() or "!" in text] == []
