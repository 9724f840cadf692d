"""E-mails to citizens about a street: wanted twice before the first comes, only what is new, ended at once, and the address is nowhere."""

from __future__ import annotations

import datetime as dt
import logging
import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from geo_service import settings, vault
from geo_service.accounts import one_person, retention
from geo_service.alerts import mailing, street_letters
from geo_service.alerts.webhook import DeliveryFailure
from geo_service.cluster import Cluster
from geo_service.db import read, write
from geo_service.settings import Settings
from geo_service.store.tables import street_letters as table
from tests.alerts.mail_server import MailServer, listening
from tests.api.scenario import Street, plain
from tests.serving import PERSONAL_KEY, STREET, TODAY, Service, running

ANNA = "anna.zonderling@voorbeeld.example"
CITIZENS = ("mail.log", "httpcore", "httpx", "uvicorn.access")
"""What a mailbox and a browser of the test log themselves, and requests, which a service outside tests does not log (`api/serve.py`)."""


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def config(server: MailServer) -> Settings:
    key = {"personal_key": PERSONAL_KEY, "base_url": "https://geo.example"}
    return settings.load(today=TODAY, public_page=True, **key, **server.settings())


@pytest.fixture(scope="module")
def quay(cluster: Cluster, template: str, server: MailServer) -> Iterator[Street]:
    """A street of 100 m, in a service that sends e-mails."""
    name = f"letters_{uuid.uuid4().hex[:12]}"
    insert = "INSERT INTO pavement_sections (source, code, kind, street, side, geom) VALUES ('test', 'K1', 'footpath', 'Kaaistraat', 'even', ST_MakeEnvelope(:x, :y, :x + 100, :y + 2, 31370))"
    url = cluster.create_database(name, template)
    try:
        with running(url, public_page=True, rate_per_address=60_000, **server.settings()) as service:
            with write(service.engine) as conn:
                conn.execute(sa.text(insert), {"x": STREET[0], "y": STREET[1]})
            yield Street(service, 0)
    finally:
        cluster.drop_database(name)


@pytest.fixture
def engine(quay: Street, server: MailServer) -> sa.Engine:
    """The database without readers, and an empty mailbox."""
    server.__init__(port=server.port)  # type: ignore[misc]
    with write(quay.service.engine) as conn:
        conn.execute(sa.delete(table))
        conn.execute(sa.text("DELETE FROM procrastinate_jobs"))
    return quay.service.engine


def ask(service: Service, mail: str = ANNA, street: str = "Kaaistraat", **headers: str) -> httpx.Response:
    with service.as_(None) as citizen:
        return citizen.post("/mijn-straat/mail", data={"mail": mail, "straat": street, "taal": "nl"}, headers=headers)  # fmt: skip


def press(service: Service, link: str, step: str = "ja") -> httpx.Response:
    with service.as_(None) as citizen:
        return citizen.post(link, data={"stap": step})


def deliver(engine: sa.Engine, config: Settings, attempts: int = 0) -> list[Any]:
    """Do the jobs that wait, as the worker does."""
    with write(engine) as conn:
        jobs = conn.execute(sa.text("DELETE FROM procrastinate_jobs WHERE task_name = 'street_letter' RETURNING args")).all()  # fmt: skip
    box, post = vault.of(config), mailing.post_of(config)
    return [
        street_letters.send(engine, box, post, uuid.UUID(args["letter_id"]), attempts) for (args,) in jobs
    ]


def text(server: MailServer) -> str:
    """What the last e-mail says."""
    return server.text().replace("\r\n", "\n")


def link_of(server: MailServer) -> str:
    found = re.search(r"https://geo\.example(\S+token=\S+)", text(server))
    assert found
    return found[1]


def morning(engine: sa.Engine, config: Settings, days: int) -> int:
    """Look for news at noon, so many days from now; for how many readers."""
    when = dt.datetime.combine(TODAY + dt.timedelta(days=days), dt.time(12), dt.UTC)
    return street_letters.sweep(engine, config.model_copy(update={"today": when.date()}), when)


def test_a_reader_hears_what_is_new_moved_and_called_off_and_nothing_twice(
    quay: Street, engine: sa.Engine, config: Settings, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quay.works((40, 50))
    assert "Kijk nu in uw mailbox" in ask(quay.service).text
    deliver(engine, config)
    assert server.recipients == [ANNA] and "Wilt u mails over Kaaistraat?" in str(server.mails[0]["Subject"])
    link = link_of(server)
    with quay.service.as_(None) as citizen:
        assert "Ja, verwittig mij" in citizen.get(link).text
    assert morning(engine, config, 0) == 0, "who follows a link has not confirmed yet"
    assert "U krijgt een mail" in press(quay.service, link).text
    assert morning(engine, config, 0) == 1 and deliver(engine, config) == [None]

    works = quay.works((10, 12), owner="Fluvius")
    assert morning(engine, config, 0) == 0, "once a day"
    assert morning(engine, config, 1) == 1
    deliver(engine, config)
    with quay.service.as_(None) as citizen:
        page = plain(citizen.get("/mijn-straat?adres=Kaaistraat").text)
    title = "Fluvius werkt hier van do 3 dec tot en met vr 4 dec"
    assert title in page and text(server).startswith(f"Nieuw\n{title}\nvoetpad")
    assert "Proximus" not in text(server)
    assert server.mails[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    moved = {"geometry": works["phases"][0]["geometry"], "starts_on": "2026-12-08", "ends_on": "2026-12-09"}
    works = quay.change_works(works, phases=[moved])
    morning(engine, config, 2)
    deliver(engine, config)
    assert text(server).startswith("Veranderd\nFluvius werkt hier op di 8 dec\n")
    assert f"Eerder: {title}" in text(server)
    quay.change_works(works, certainty="cancelled")
    morning(engine, config, 3)
    deliver(engine, config)
    assert text(server).startswith("Gaat niet door\nFluvius werkt hier op di 8 dec\n")
    assert morning(engine, config, 4) == 1 and deliver(engine, config) == [None]

    with quay.service.as_(None) as program:  # the button of a mail program
        assert program.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert program.get(link).status_code == 404
    with read(engine) as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    lines = [one.getMessage() for one in caplog.records if not one.name.startswith(CITIZENS)]
    token = link.partition("token=")[2][:20]
    assert [line for line in lines if "zonderling" in line or token in line] == []


def test_nobody_fills_the_mailbox_of_another(
    quay: Street, engine: sa.Engine, config: Settings, server: MailServer
) -> None:
    answers = {ask(quay.service, mail).text for mail in (ANNA, ANNA.upper(), ANNA)}
    assert len(answers) == 1 and "Kijk nu" in answers.pop()
    deliver(engine, config)
    assert len(server.mails) == 1
    assert ask(quay.service, Origin="https://elsewhere.example").status_code == 403
    assert ask(quay.service, "geen adres").status_code == 422
    assert [ask(quay.service).status_code for _ in range(11)][-1] == 429
    with write(engine) as conn:
        row = conn.execute(sa.select(table)).mappings().one()
        assert ANNA not in str(dict(row)) and ANNA.encode() not in row["sealed"]
        assert one_person.find(conn, vault.of(config), one_person.Person(email=ANNA)).counts()["letters"] == 1
        assert retention.purge_letters(conn) == 0
        conn.execute(sa.update(table).values(created_at=sa.text("now() - interval '49 hours'")))
        assert retention.purge_letters(conn) == 1


@pytest.mark.parametrize(("answer", "left"), [("550 nobody here", 0), ("451 later", 1)])
def test_an_address_that_is_refused_is_erased(
    quay: Street, engine: sa.Engine, config: Settings, server: MailServer, answer: str, left: int
) -> None:
    with write(engine) as conn:
        street_letters.street_letters.ask(conn, vault.of(config), "Kaaistraat", ANNA, "nl")
        [letter_id] = conn.scalars(sa.select(table.c.id))
    server.rcpt = [answer]
    try:
        street_letters.send(engine, vault.of(config), mailing.post_of(config), letter_id, 0)
    except DeliveryFailure:
        assert left
    with read(engine) as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(table)) == left
