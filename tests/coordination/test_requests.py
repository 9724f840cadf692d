"""A utility is asked to take repairs along: until when, what its answer does, and what happens without one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from geo_service import working_days
from geo_service.coordination import request_terms, requests, steps
from geo_service.coordination.requests import Question
from geo_service.coordination.steps import Actor, StepInput
from geo_service.domain.agreements import Agreement
from geo_service.domain.errors import InvalidInput, InvalidTransition, NotFound, VersionMismatch
from geo_service.domain.parameters import Parameters
from geo_service.domain.requests import Answer
from geo_service.i18n import Translator
from geo_service.presentation.requests import describe_request
from geo_service.store import requests as store
from geo_service.store.listing import Row
from tests.scenes import TODAY, Scene

DESK = Actor("user:An", "An", "utilities_desk")
PROXIMUS = Actor("user:P", "P", "partner", "proximus")
FLUVIUS = Actor("user:F", "F", "partner", "fluvius")


@pytest.fixture
def works(scene: Scene) -> UUID:
    """Works of Proximus over a footpath with a repair, in front of two houses."""
    scene.street()
    scene.building(at=(2, -10), function="house", address=("Gentsestraat", "12"))
    scene.building(at=(14, -10), function="house", address=("Gentsestraat", "16"))
    works = scene.works(days=(100, 114), certainty="confirmed", name="P-1", category="2", length_m=30)
    scene.repair()
    return works


def ask(scene: Scene, works: UUID, **more: object) -> Row:
    made = requests.ask(scene.conn, Question(works, **more), "An", scene.today)  # type: ignore[arg-type]
    return store.get(scene.conn, made)


def answer(scene: Scene, row: Row, said: Answer, actor: Actor = DESK, note: str | None = None) -> Row:
    version = store.get(scene.conn, row["id"])["version"]
    requests.answer(scene.conn, row["id"], said, note, actor, version, scene.today)
    return store.get(scene.conn, row["id"])


def test_it_names_the_houses_the_days_and_the_repairs(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    assert (row["street"], row["number_from"], row["number_to"]) == ("Gentsestraat", 12, 16)
    assert (row["starts_on"], len(row["repair_ids"]), row["state"]) == (
        TODAY + timedelta(days=100),
        1,
        "asked",
    )
    texts = describe_request(row, Translator("nl", TODAY))
    assert "Gentsestraat, voor huisnummer 12 tot 16" in texts["mail_text"]
    assert "de volle breedte" in texts["condition_text"]
    assert describe_request(row, Translator("en", TODAY))["subject"].startswith("Request R-")


def test_a_width_may_be_asked(scene: Scene, works: UUID) -> None:
    text = describe_request(ask(scene, works, width_m=1.5), Translator("nl", TODAY))["mail_text"]
    assert "een breedte van 1,5 m" in text


@pytest.mark.parametrize(
    ("category", "starts", "due"),
    [
        ("Categorie 1", 100, working_days.shift(TODAY + timedelta(days=39), -1)),
        ("2", 100, working_days.shift(TODAY + timedelta(days=72), -1)),
        (None, 100, working_days.shift(TODAY + timedelta(days=72), -1)),
        ("3", 100, working_days.shift(TODAY + timedelta(days=100), -2)),
        # too late for the permit: as long as an answer takes, and before the works
        ("1", 40, working_days.shift(TODAY, 10)),
        ("1", 7, working_days.shift(TODAY + timedelta(days=7), -1)),
        ("3", 0, TODAY),
    ],
)
def test_an_answer_is_due_before_the_works_are_registered(
    category: str | None, starts: int, due: date
) -> None:
    begin = TODAY + timedelta(days=starts)
    assert request_terms.deadline(category, begin, TODAY, Parameters()) == due


def test_a_yes_holds_the_repair_and_a_no_frees_it_again(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    [repair] = row["repair_ids"]
    said = answer(scene, row, "yes", PROXIMUS, "in week 52")
    assert (said["state"], said["answered_by"], said["late"]) == ("yes", "P", False)
    conflict = scene.conflict("wasted_repair")
    assert (conflict["status"], conflict["agreement"]["kind"]) == ("agreed", "full_width")
    assert scene.advice(repair).reasons[0].code == "agreed_full_width"
    answer(scene, row, "no")
    assert scene.conflict("wasted_repair")["status"] == "open"


def test_a_no_after_a_yes_leaves_what_people_decided_otherwise(scene: Scene, works: UUID) -> None:
    accepted, moved = scene.repair(at=(20, 1)), scene.repair(at=(25, 1))
    scene.schedule(accepted, (3, 4), "coordinator", "the fair is before the works")
    row = ask(scene, works)
    assert {accepted, moved} <= set(row["repair_ids"])
    answer(scene, row, "yes", PROXIMUS)
    other = next(one for one in scene.stored("wasted_repair") if one["repair_id"] == moved)
    move = StepInput(Agreement("works_move"))
    steps.take(scene.conn, other["id"], "agree", move, DESK, other["version"], scene.today)
    answer(scene, row, "no", PROXIMUS)
    state = {one["repair_id"]: one["status"] for one in scene.stored("wasted_repair")}
    assert (state.pop(accepted), state.pop(moved)) == ("accepted_risk", "agreed")
    assert list(state.values()) == ["open"]
    assert scene.hold(accepted)[0] is False


def test_works_on_other_days_may_be_asked_anew(scene: Scene, works: UUID) -> None:
    first = answer(scene, ask(scene, works), "yes")
    with pytest.raises(InvalidTransition):
        ask(scene, works)
    scene.move_works(works, days=(105, 119))
    second = ask(scene, works)
    assert (second["starts_on"] - first["starts_on"]).days == 5
    answer(scene, second, "yes")
    assert scene.conflict("wasted_repair")["status"] == "agreed"


def test_works_that_were_reinstated_as_asked_are_done(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    with pytest.raises(InvalidTransition):
        answer(scene, row, "done")
    answer(scene, row, "yes")
    assert answer(scene, row, "done")["state"] == "done"


def test_nobody_answers_and_the_coordinator_is_asked_once(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    assert requests.end_terms(scene.conn, row["due_on"]) == 0
    before = len(scene.alerts())
    assert requests.end_terms(scene.conn, row["due_on"] + timedelta(days=1)) == 1
    assert requests.end_terms(scene.conn, row["due_on"] + timedelta(days=2)) == 0
    assert scene.alerts(after=before) == ["request.no_answer"]
    assert store.get(scene.conn, row["id"])["state"] == "no_answer"


def test_an_answer_after_the_term_counts_and_is_late(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    scene.today = row["due_on"] + timedelta(days=3)
    requests.end_terms(scene.conn, scene.today)
    said = answer(scene, row, "yes", PROXIMUS)
    assert (said["state"], said["late"]) == ("yes", True)


def test_a_partner_sees_and_answers_its_own(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    with pytest.raises(NotFound):
        answer(scene, row, "yes", FLUVIUS)
    with pytest.raises(NotFound):
        store.get(scene.conn, row["id"], "fluvius")
    assert store.get(scene.conn, row["id"], "proximus")["id"] == row["id"]


def test_of_two_answers_at_once_the_second_is_told(scene: Scene, works: UUID) -> None:
    row = ask(scene, works)
    answer(scene, row, "yes")
    with pytest.raises(VersionMismatch):
        requests.answer(scene.conn, row["id"], "no", None, DESK, row["version"], TODAY)


def test_what_cannot_be_asked(scene: Scene, works: UUID) -> None:
    with pytest.raises(NotFound):
        ask(scene, uuid4())
    with pytest.raises(InvalidInput):
        ask(scene, works, repair_ids=[uuid4()])
    with pytest.raises(InvalidInput):
        ask(scene, works, due_on=TODAY - timedelta(days=1))
    far = scene.works(days=(100, 114), at=(60, 10))
    with pytest.raises(InvalidInput):
        ask(scene, far)
    ask(scene, works)
    with pytest.raises(InvalidTransition):
        ask(scene, works)
    scene.cancel(works)
    with pytest.raises(InvalidTransition):
        ask(scene, works)
