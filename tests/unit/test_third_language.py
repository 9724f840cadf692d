"""A third language is one file for errors beside that of the page: here one in which every sentence stands in brackets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date

import httpx
import pytest

from geo_service import i18n, settings
from geo_service.api import rejected_rows
from geo_service.api.app import create_app
from geo_service.cli import terminal
from geo_service.domain import messages
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.i18n import Translator
from tests.refusals import ALL, Refusal

THIRD = Translator("xx", date(2026, 11, 23))  # type: ignore[arg-type]


def bracketed(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text if key.startswith("format.") else f"⟦{text}⟧" for key, text in texts.items()}


@pytest.fixture(autouse=True)
def _third_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalogue, sentences = messages.catalogue, i18n.sentences
    errors, page = bracketed(catalogue("nl")), bracketed(sentences("nl"))
    monkeypatch.setattr(messages, "catalogue", lambda name: errors if name == "xx" else catalogue(name))
    monkeypatch.setattr(i18n, "sentences", lambda name: page if name == "xx" else sentences(name))
    monkeypatch.setattr(i18n, "LANGUAGES", ("nl", "en", "xx"))
    yield


def is_bracketed(sentence: str) -> bool:
    return sentence[0] == "⟦" and sentence[-1] == "⟧"


def answer(path: str) -> httpx.Response:
    config = settings.load(database_url="postgresql://geo@127.0.0.1:1/none")

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(config), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.get(path, headers={"Accept-Language": "xx"})

    return asyncio.run(get())


def test_an_answer_of_the_api_comes_out_bracketed() -> None:
    response = answer("/api/v1/nowhere")
    problem = response.json()
    assert (response.status_code, response.headers["Content-Language"]) == (404, "xx")
    assert is_bracketed(problem["title"])
    assert is_bracketed(problem["detail"])


def test_a_field_error_of_the_api_comes_out_bracketed() -> None:
    problem = answer("/api/v1/works?colour=red").json()
    [wrong] = problem["errors"]
    assert is_bracketed(wrong["message"])
    assert problem["detail"] == f"colour: {wrong['message']}"


def test_an_error_on_the_terminal_comes_out_bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEO_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    assert terminal.error_text(SourceUnreachable("file_empty", file="a.csv")) == "⟦a.csv is leeg⟧"
    assert terminal.error_text(InvalidInput.one("at", "place_malformed.option")).startswith("at: ⟦")


def test_a_rejected_row_comes_out_bracketed() -> None:
    row = {"row": 1, "record_id": "7", "code": "date_missing", "field": "starts_on", "message": "there is no starts_on", "params": {}, "line": 2}  # fmt: skip
    sentence = rejected_rows.serialize(row, THIRD)["message"]
    assert is_bracketed(sentence)
    assert "⟦er staat geen datum⟧" in sentence


def test_a_day_has_its_names_from_the_catalogue() -> None:
    assert THIRD.day(date(2027, 11, 26)) == "vr 26 nov 2027"
    assert THIRD.number(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.place} {one.reason}")
def test_no_sentence_stays_in_english(one: Refusal) -> None:
    params = dict.fromkeys(one.params, 7)
    sentence = THIRD.rejection(one.reason, "the English", params)
    assert is_bracketed(sentence)
    assert "the English" not in sentence
