"""Personal data go after their time; one person's data are found, handed over and erased; the trails keep a pseudonym."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from shapely import Point
from sqlalchemy.exc import ProgrammingError

from geo_service.accounts import one_person, people, retention
from geo_service.accounts.one_person import Person
from geo_service.domain.errors import InvalidInput
from geo_service.domain.repairs import RepairDraft
from geo_service.open311.photos import Photo
from geo_service.store import audit, photos, repairs, reporters, sessions, steps, users
from geo_service.store.tables import conflict_events, duplicates
from geo_service.vault import Vault
from tests.accounts.conftest import CLERK
from tests.scenes import CITY, ORIGIN, PROXIMUS, Scene
from tests.serving import PERSONAL_KEY

VAULT = Vault.of_keys([PERSONAL_KEY])
JAN = {"name": "Jan Zonderling", "email": "Zonderling@example.org", "phone": "0470 55 44 33"}
TODAY = date(2028, 9, 1)


def report(conn: sa.Connection, reporter: dict[str, Any] | None = JAN, text: str | None = None, **columns: Any) -> UUID:  # fmt: skip
    """A repair with a message and a photo; `columns` as it stands now."""
    draft = RepairDraft("pothole", "spot", "normal", Point(ORIGIN), CITY, description=text, reporter=reporter)
    repair_id = repairs.create(conn, draft, VAULT)
    message = {
        "repair_id": repair_id,
        "sent_by": "site",
        "source_id": str(repair_id),
        "said_at": datetime.now(UTC),
    }
    reporters.add_message(conn, VAULT, message, "Dieper nu", reporter or {})
    photos.add(conn, VAULT, repair_id, [Photo(b"jpeg", 1, 1)])
    if columns:
        news = ", ".join(f"{name} = :{name}" for name in columns)
        conn.execute(sa.text(f"UPDATE repairs SET {news} WHERE id = :id"), {**columns, "id": repair_id})
    return repair_id


def left(conn: sa.Connection, repair_id: UUID) -> bool:
    return reporters.exist(conn, repair_id)


@pytest.mark.parametrize(
    ("columns", "gone"),
    [
        ({"status": "done", "finished_on": "2026-09-01"}, True),
        ({"status": "done", "finished_on": "2026-09-02"}, False),
        ({"status": "cancelled", "updated_at": "2026-08-31 12:00+00"}, True),
        ({"status": "cancelled", "updated_at": "2026-09-03 12:00+00"}, False),
        ({"deleted_at": "2026-08-31 12:00+00"}, True),
        ({"status": "requested", "updated_at": "2020-01-01 12:00+00"}, False),
    ],
)
def test_personal_data_go_two_years_after_closing(
    conn: sa.Connection, columns: dict[str, str], gone: bool
) -> None:
    repair = report(conn, **columns)
    counts = {
        "reporters": int(gone),
        "messages": int(gone),
        "photos": int(gone),
        "attachments": 0,
        "contacts": 0,
    }
    assert retention.purge(conn, CLERK, TODAY, 24, dry=True) == counts
    assert left(conn, repair)
    assert retention.purge(conn, CLERK, TODAY, 24) == counts
    assert left(conn, repair) is not gone
    assert retention.purge(conn, CLERK, TODAY, 24) == dict.fromkeys(counts, 0)
    rows = audit.find(conn, audit.Filter(action="personal_data_purged"), limit=9, before=None).rows
    assert [row["facts"] for row in rows] == ([{**counts, "closed_until": "2026-09-01"}] if gone else [])


def test_a_double_keeps_its_reporter_as_long_as_its_main_report(conn: sa.Connection) -> None:
    main = report(conn, status="scheduled", planned="[2028-08-01,2028-08-02)")
    double = report(conn, status="cancelled", updated_at="2020-01-01 12:00+00")
    link = {"repair_id": double, "of_id": main, "status": "confirmed", "distance_m": 1, "days_apart": 1}
    conn.execute(sa.insert(duplicates).values(link))
    assert retention.purge(conn, CLERK, TODAY, 24)["reporters"] == 0
    conn.execute(sa.text("UPDATE repairs SET status = 'done', finished_on = '2026-01-01' WHERE id = :id"), {"id": main})  # fmt: skip
    assert retention.purge(conn, CLERK, TODAY, 24)["reporters"] == 2


@pytest.mark.parametrize(
    "person",
    [Person(email="zonderling@EXAMPLE.org"), Person(phone="+32 470/55.44.33"), Person(name="zonderling JAN"),
     Person("zonderling@example.org", "0470554433", "Jan Zonderling")],
    ids=lambda one: str(sorted(name for name, value in asdict(one).items() if value)),
)  # fmt: skip
def test_one_persons_data_are_found_however_they_are_asked_for(conn: sa.Connection, person: Person) -> None:
    own, other = report(conn), report(conn, {"name": "An Zonderling", "email": "an@example.org", "phone": "0471 00 00 00"})  # fmt: skip
    assert one_person.find(conn, VAULT, person).reports == (own,)

    handed = one_person.export(conn, VAULT, person)
    assert [one["reporter"] for one in handed["reports"]] == [JAN]
    assert [one["text"] for one in handed["messages"]] == ["Dieper nu"]
    assert [one["jpeg"] for one in handed["photos"]] == ["anBlZw=="]

    assert one_person.erase(conn, VAULT, person) == {
        "reports": 1,
        "messages": 1,
        "photos": 1,
        "users": 0,
        "contacts": 0,
        "letters": 0,
    }
    assert not left(conn, own) and left(conn, other)
    assert repairs.get(conn, own)["category"] == "pothole"
    rows = audit.find(conn, audit.Filter(), limit=9, before=None).rows
    assert [row["action"] for row in rows] == ["personal_data_erased", "personal_data_exported"]
    assert "onderling" not in str([dict(row) for row in rows])


def test_somebody_else_is_not_found(conn: sa.Connection) -> None:
    report(conn)
    for person in (Person(email="derling@example.org"), Person(phone="0470 55 44 34"), Person(name="Jan"), Person(name="Jan Zonderling", email="an@example.org")):  # fmt: skip
        assert one_person.find(conn, VAULT, person).counts() == dict.fromkeys(("reports", "messages", "photos", "users", "contacts", "letters"), 0)  # fmt: skip


def test_first_and_last_name_apart_are_one_name(conn: sa.Connection) -> None:
    repair = report(conn, {"first_name": "Jan", "last_name": "Zonderling"})
    assert one_person.find(conn, VAULT, Person(name="Jan Zonderling")).reports == (repair,)


def test_a_message_on_somebody_elses_report_is_found_alone(conn: sa.Connection) -> None:
    repair = report(conn, {"name": "An Claes", "email": "an@example.org"})
    message = {"repair_id": repair, "sent_by": "site", "source_id": "2", "said_at": datetime.now(UTC)}
    said = reporters.add_message(conn, VAULT, message, "Bel zonderling@example.org", {})
    held = one_person.find(conn, VAULT, Person(email="zonderling@example.org"))
    assert (held.reports, held.messages, held.photos) == ((), (said,), ())


def test_a_message_of_somebody_else_on_ones_report_stays(conn: sa.Connection) -> None:
    message = {"repair_id": report(conn), "sent_by": "site", "source_id": "2", "said_at": datetime.now(UTC)}
    other = {"name": "An Claes", "email": "an@example.org"}
    said = reporters.add_message(conn, VAULT, message, "Ook hier", other)
    assert said not in one_person.find(conn, VAULT, Person(email="zonderling@example.org")).messages


@pytest.mark.parametrize(("person", "reason"), [(Person(), "person_missing"), (Person(phone="12"), "not_a_phone")])  # fmt: skip
def test_a_question_about_nobody_is_refused(conn: sa.Connection, person: Person, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        one_person.find(conn, VAULT, person)
    assert [one.code for one in refused.value.errors] == [reason]


def test_an_account_that_is_erased_keeps_a_pseudonym_in_the_trails(conn: sa.Connection) -> None:
    scene = Scene(conn)
    scene.street()
    scene.works(PROXIMUS)
    scene.repair()
    conflict = conn.execute(sa.text("SELECT id FROM conflicts LIMIT 1")).scalar_one()
    user = people.add(conn, CLERK, name="Jan Zonderling", email="zonderling@izegem.example", role="workshop", department="werkplaatsen")  # fmt: skip
    actor = audit.Actor(user.name, user.id)
    audit.record(conn, actor, "reporter_seen", "repair:1", by=user.name)
    steps.record(conn, conflict, "comment", user.name, {"text": "x"}, actor_id=f"user:{user.id}")
    steps.record(conn, conflict, "assign", "An Claes", {"person": user.name}, actor_id="user:1")
    sessions.open_(conn, user.id, lifetime=timedelta(days=1))

    assert one_person.erase(conn, VAULT, Person(email=user.email))["users"] == 1

    name = one_person.pseudonym(user)
    trails = [*conn.execute(sa.select(audit.audit)), *conn.execute(sa.select(conflict_events))]
    assert "Zonderling" not in str(trails) and str(trails).count(name) == 4
    kept = users.get(conn, user.id)
    assert (kept.name, kept.email, kept.role) == (name, name, "workshop") and kept.disabled_at is not None
    assert conn.scalar(sa.text("SELECT count(*) FROM sessions")) == 0


@pytest.mark.parametrize(
    "change", ["who = 'somebody else'", "who = 'erased-000000000000', action = 'signed_in'", "facts = '{}'", "who = 'erased-1'"]
)  # fmt: skip
def test_nothing_but_a_pseudonym_is_let_through(conn: sa.Connection, change: str) -> None:
    user = people.add(conn, CLERK, name="Jan Zonderling", email="zonderling@izegem.example", role="viewer")
    audit.record(conn, audit.Actor(user.name, user.id), "signed_out", "user:1", n=1)
    allow = "SELECT set_config('geo.erased_name', 'Jan Zonderling', true), set_config('geo.pseudonym', 'erased-000000000000', true)"
    conn.execute(sa.text(allow))
    with pytest.raises(ProgrammingError, match="append-only"):
        conn.execute(sa.text(f"UPDATE audit SET {change} WHERE thing = 'user:1'"))


def test_a_name_of_no_user_cannot_be_taken_out_of_the_trail(conn: sa.Connection) -> None:
    audit.record(conn, CLERK, "signed_out", "user:1")
    conn.execute(sa.text("SELECT set_config('geo.erased_name', 'command line', true), set_config('geo.pseudonym', 'erased-000000000000', true)"))  # fmt: skip
    with pytest.raises(ProgrammingError, match="append-only"):
        conn.execute(sa.text("UPDATE audit SET who = 'erased-000000000000'"))
