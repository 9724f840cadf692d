"""Alerts in words: what the feed really holds becomes a title and a sentence, in each language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service.alerts import feed
from geo_service.coordination import escalation, requests, steps
from geo_service.domain.agreements import Agreement
from geo_service.i18n import LANGUAGES, NBSP, Language, Translator
from geo_service.presentation.alerts import AlertText, describe_alert
from geo_service.store import requests as requests_store
from tests.scenes import TODAY, Scene

DESK = steps.Actor("user:Desk", "Desk", "coordinator")


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    scene = Scene(conn)
    scene.street()
    return scene


def words(alert: Any, language: Language = "nl") -> AlertText:
    text = describe_alert(alert, Translator(language, TODAY))
    return AlertText(text.title.replace(NBSP, " "), text.sentence.replace(NBSP, " "))


def news(scene: Scene, kind: str, after: int = 0) -> Any:
    return [one for one in feed.after(scene.conn, after, 1000) if one["type"] == kind][-1]


def source_alert(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": {"source": "gipod", **data}}


def test_a_new_conflict_names_rule_works_repair_and_money(scene: Scene) -> None:
    works_id = scene.works(days=(30, 44), certainty="planned")
    scene.repair(at=(5, 1), planned=(3, 4))
    alert = news(scene, "conflict.opened")
    source_id = scene.conn.scalar(sa.text("SELECT source_id FROM works WHERE id = :id"), {"id": works_id})
    number, repair = alert["data"]["number"], alert["data"]["repair_number"]
    text = words(alert)
    assert text.title == f"Nieuw: C-{number} Verspilde herstelling (Proximus Area 2.1)"
    start = f"Proximus Area 2.1 ({source_id}) van do 1 okt t/m wo 14 okt. Raakt herstelling H-{repair}. € "
    assert text.sentence.startswith(start)
    assert text.sentence.endswith(" op het spel. De herstelling kan zo niet ingepland worden.")
    free = words({**alert, "data": {**alert["data"], "blocking": False}})
    assert free.sentence.endswith(" op het spel.")


def test_works_of_several_phases_are_told_with_the_days_of_the_one_that_is_met(scene: Scene) -> None:
    works_id = scene.works(days=(30, 44), certainty="planned")
    scene.add_phase(works_id, box(200, 0, 220, 2), days=(300, 310))
    scene.repair(at=(5, 1), planned=(3, 4))
    [works] = news(scene, "conflict.opened")["data"]["works"]
    assert (works["starts_on"], works["ends_on"]) == ("2026-10-01", "2026-10-15")


def test_a_hold_that_comes_moves_and_goes_says_until_when_and_what_it_was(scene: Scene) -> None:
    works_id = scene.works(days=(30, 44), certainty="confirmed")
    repair_id = scene.repair(at=(5, 1), planned=(3, 4))
    held = news(scene, "repair.held")
    assert words(held).title == "Moet wachten: een herstelling"
    assert words({**held, "repair_number": 12}).title == "Moet wachten: herstelling H-12"
    assert words(held).sentence.startswith("Wacht tot do 15 okt. Proximus Area 2.1 (")
    scene.move_works(works_id, days=(40, 54))
    moved = news(scene, "repair.hold_moved")
    assert words(moved).title == "Andere datum: een herstelling"
    assert "Wacht tot zo 25 okt. " in words(moved).sentence
    assert " Eerder: Wacht tot do 15 okt. " in words(moved).sentence
    scene.cancel(works_id)
    released = news(scene, "repair.released")
    assert (words(released).title, words(released, "en").title) == (
        "Vrijgekomen: een herstelling",
        "Released: a repair",
    )
    assert words(released).sentence == "Herstel nu. Eerder: Wacht tot zo 25 okt."
    assert scene.hold(repair_id)[0] is False


def test_a_step_is_told_by_the_state_that_it_leads_to(scene: Scene) -> None:
    scene.works(days=(30, 44), certainty="planned")
    scene.repair(at=(5, 1), planned=(3, 4))
    row = scene.conflict("wasted_repair")
    agreement = steps.StepInput(Agreement("hold_until", date(2026, 10, 20), None))
    steps.take(scene.conn, row["id"], "agree", agreement, DESK, row["version"], TODAY)
    text = words(news(scene, "conflict.status_changed"))
    assert text.title == f"Afgesproken: C-{row['number']} Verspilde herstelling (Proximus Area 2.1)"
    assert "niet ingepland" not in text.sentence


@pytest.mark.parametrize(
    ("alert", "title", "sentence"),
    [
        (
            source_alert("feed.stopped", last_success_at="2026-08-30T04:00:00+00:00"),
            "Bron zwijgt: gipod",
            "gipod is het laatst gelezen op zo 30 aug. Nieuwe werken kunnen ontbreken.",
        ),
        (
            source_alert("feed.stopped", last_success_at=None),
            "Bron zwijgt: gipod",
            "gipod is nog nooit gelezen. Nieuwe werken kunnen ontbreken.",
        ),
        (
            source_alert("feed.shrank", vanished=1200, open=1500, confirmed=False),
            "Bron is gekrompen: gipod",
            "1.200 van de 1.500 lopende werken of meldingen staan niet meer in gipod. Kijk na of dat klopt.",
        ),
        (
            source_alert("feed.shrank", vanished=1200, open=1500, confirmed=True),
            "Bevestigd: gipod is gekrompen",
            "Iemand bevestigde dat 1.200 van de 1.500 lopende werken of meldingen niet meer in gipod staan.",
        ),
        (
            source_alert("feed.resumed", after="stopped"),
            "Bron werkt weer: gipod",
            "gipod is weer gelezen.",
        ),
        (
            {"type": "repair.message_added", "data": {}, "repair_number": 7},
            "Nieuw bericht bij herstelling H-7",
            "De melder schreef iets bij deze melding.",
        ),
    ],
)
def test_a_source_and_a_message_have_their_own_words(
    alert: dict[str, Any], title: str, sentence: str
) -> None:
    assert words(alert) == AlertText(title, sentence)


def test_a_request_and_its_answer_have_words(scene: Scene) -> None:
    works_id = scene.works(days=(60, 74), certainty="confirmed", name="P-1")
    scene.repair(at=(5, 1))
    asked = requests.ask(scene.conn, requests.Question(works_id), "Desk", TODAY)
    row = requests_store.get(scene.conn, asked)
    alert = words(news(scene, "request.asked"))
    assert alert.title == f"Vraag R-{row['number']} aan Proximus Area 2.1"
    assert alert.sentence.startswith(
        "Proximus Area 2.1 (P-1) van za 31 okt t/m vr 13 nov. Antwoord gevraagd ten laatste op"
    )
    requests.end_terms(scene.conn, row["due_on"] + timedelta(days=1))
    assert words(news(scene, "request.no_answer")).sentence.endswith("De coördinator beslist.")
    requests.answer(scene.conn, asked, "no", None, DESK, 2, TODAY)
    assert words(news(scene, "request.answered"), "en").sentence.endswith("Answer: no.")
    scene.cancel(works_id)
    second = scene.works(days=(60, 74), certainty="confirmed", name="P-2")
    requests.ask(scene.conn, requests.Question(second), "Desk", TODAY)
    scene.cancel(second)
    withdrawn = words(news(scene, "request.withdrawn"))
    assert withdrawn.title.endswith("aan Proximus Area 2.1 is vervallen")
    assert withdrawn.sentence.endswith("Reden: het werk is geannuleerd.")
    scene.works(days=(60, 74), certainty="confirmed", name="P-1")
    escalation.end_terms(scene.conn, TODAY + timedelta(days=30))
    assert words(news(scene, "conflict.escalated")).title.startswith("Voor de coördinator: C-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_alert_of_a_scene_leaves_a_gap(scene: Scene, language: Language) -> None:
    works_id = scene.works(days=(30, 44), certainty="planned")
    scene.works("Fluvius Kortrijk", days=(35, 50))
    scene.repair(at=(5, 1), planned=(3, 4))
    scene.building(at=(0, -12))
    scene.move_works(works_id, days=(60, 74))
    scene.cancel(works_id)
    alerts = feed.after(scene.conn, 0, 1000)
    assert {one["type"].partition(".")[0] for one in alerts} == {"conflict", "repair"}
    for alert in alerts:
        text = words(alert, language)
        assert text.title and text.sentence
        assert "?" not in text.title + text.sentence and "{" not in text.title + text.sentence
