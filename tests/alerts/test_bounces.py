"""E-mails that come back later: as Postfix, Exchange and an old sendmail write them."""

from __future__ import annotations

import json
import subprocess
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import bounces, mail_queue, mailing
from geo_service.settings import Settings
from geo_service.store.tables import deliveries, mails
from geo_service.store.tables import subscriptions as table
from tests.alerts.mail_scenes import HELD, config, listener, post, reader, server
from tests.alerts.mail_server import MailServer
from tests.conftest import PROJECT

__all__ = ["config", "listener", "post", "reader", "server"]  # fixtures
NOTICE = """From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: meldingen@izegem.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Description: Notification

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 23 Nov 2026 08:00:00 +0100

Final-Recipient: rfc822; jan.zonderling@izegem.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <jan.zonderling@izegem.example>:
    Recipient address rejected: User unknown

--B
Content-Type: {form}

Return-Path: <meldingen@izegem.example>
Message-ID: {message_id}
Subject: 3 meldingen

--B--
"""
ID = uuid.UUID("01a22893-2dd7-758b-8c9a-f00a2d0cebb2")


def notice(mail_id: object = ID, **changes: str) -> bytes:
    values = {
        "action": "failed",
        "status": "5.1.1",
        "form": "message/rfc822",
        "message_id": f"<{mail_id}@geo.example>",
        **changes,
    }
    return NOTICE.format(**values).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "form", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"]
)
def test_a_notice_of_a_failure_is_read(form: str) -> None:
    bounce = bounces.read(notice(form=form))
    assert bounce is not None and bounce.mail_id == ID
    assert bounce.error.startswith("5.1.1 550 5.1.1") and "User unknown" in bounce.error
    assert "@" not in bounce.error and "zonderling" not in bounce.error


def test_signs_that_no_database_holds_do_not_come_in_with_what_a_server_says() -> None:
    bounce = bounces.read(notice().replace(b"User unknown", b"User\x00 \x1b[31munknown\x85"))
    assert bounce is not None and bounce.error.isprintable() and "unknown" in bounce.error


@pytest.mark.parametrize(
    "raw",
    [
        notice(action="delayed", status="4.4.1"),
        notice(action="delivered", status="2.0.0"),
        notice(action="failed", status="4.2.2"),
        notice(message_id="<20261123.1@other.example>"),
        notice().replace(b"multipart/report", b"multipart/mixed"),
        notice().replace(b"message/delivery-status", b"text/plain"),
        b"Subject: Afwezig\r\n\r\nIk ben er niet.",
        b"",
        b"\xff\xfe\x00" * 1000,
        notice()[:500],
        b"".join(
            b'Content-Type: multipart/report; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2000)
        ),
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n'
        + b"Content-Type: message/rfc822\r\n\r\n" * 2000,
    ],
)
def test_what_tells_of_no_failure_of_ours_is_left_alone(raw: bytes) -> None:
    assert bounces.read(raw) is None


@pytest.fixture
def sent(database: sa.Engine, reader: Any, tell: Any, post: Any) -> uuid.UUID:
    """The id of an e-mail that the server took."""
    reader("each")
    tell(HELD)
    post()
    with db.read(database) as conn:
        mail_id: uuid.UUID = conn.execute(
            sa.select(mails.c.id).order_by(mails.c.id.desc()).limit(1)
        ).scalar_one()
    return mail_id


def command(database: sa.Engine, raw: bytes) -> dict[str, Any]:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    run = subprocess.run(
        [PROJECT / ".venv" / "bin" / "geo-service", "mail", "bounce", "--json"],
        input=raw, capture_output=True, timeout=300, check=False, env={"GEO_DATABASE_URL": url, "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_who_an_email_came_back_from_is_flagged_once(
    database: sa.Engine, config: Settings, server: MailServer, sent: uuid.UUID
) -> None:
    assert command(database, notice(sent))["flagged"] is True
    with db.read(database) as conn:
        row = conn.execute(sa.select(table)).mappings().one()
        delivery = conn.execute(sa.select(deliveries)).mappings().one()
    assert "User unknown" in row["problem"] and (row["bounces"], row["active"]) == (1, True)
    assert delivery["delivered_at"] is None and delivery["failed_at"] is not None
    assert command(database, notice(sent)) == {"flagged": False, "error": None}
    assert command(database, notice(uuid.uuid4()))["flagged"] is False
    assert command(database, b"Subject: Hallo\n\nTot straks")["flagged"] is False


def test_three_that_come_back_switch_a_subscription_off(
    database: sa.Engine, config: Settings, server: MailServer, sent: uuid.UUID, tell: Any, post: Any
) -> None:
    for number in (1, 2, 3):
        with db.write(database) as conn:
            newest = conn.scalar(sa.select(mails.c.id).order_by(mails.c.id.desc()).limit(1))
            assert newest is not None and mail_queue.record_return(conn, newest, "5.1.1 unknown")
        with db.read(database) as conn:
            assert conn.scalar(sa.select(table.c.active)) == (number < 3)
        if number < 3:
            tell(HELD)
            post()


def test_an_email_that_was_never_sent_does_not_come_back(
    database: sa.Engine, config: Settings, reader: Any, tell: Any
) -> None:
    made = reader("each")
    tell(HELD)
    mail_id = mailing.bundle(database, made["id"], config)
    assert mail_id is not None
    with db.write(database) as conn:
        assert not mail_queue.record_return(conn, mail_id, "5.1.1")
