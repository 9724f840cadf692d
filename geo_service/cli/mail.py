"""`geo-service mail …`: whether e-mails leave."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from geo_service import db
from geo_service.alerts import bounces, mail_queue, mailing
from geo_service.cli import terminal

app = typer.Typer(no_args_is_help=True, help="E-mail: test, and what comes back.")


@app.command("test")
def test(
    to: Annotated[str, typer.Option(help="The e-mail address that gets the message")],
    as_json: terminal.AsJson = False,
) -> None:
    """Send a test message and print the answer of the mail server."""
    config = terminal.load()
    translator = terminal.translator(config)
    answer = mailing.send_test(to, mailing.post_of(config), translator)
    sent = answer.outcome == "sent"
    if as_json or sent:
        report = {"outcome": answer.outcome, "error": answer.error}
        terminal.show(report, as_json, lambda: translator.text("mail.sent", given=to))
    else:
        terminal.tell(answer.error, style="red")
    if not sent:
        raise typer.Exit(terminal.UNREACHABLE)


@app.command("bounce")
def bounce(as_json: terminal.AsJson = False) -> None:
    """Read a message that came back from standard input, as a mail server hands it over, and flag whom it was for.

    What is no notification of a failure is left alone: a mail server must not send our answer back.
    """
    config = terminal.load()
    returned = bounces.read(sys.stdin.buffer.read(bounces.MOST_BYTES))
    flagged = False
    if returned is not None:
        with db.write(db.create_engine_from(config)) as conn:
            flagged = mail_queue.record_return(conn, returned.mail_id, returned.error)
    key = "mail.returned" if flagged else "mail.not_returned"
    report = {"flagged": flagged, "error": returned.error if returned and flagged else None}
    terminal.show(report, as_json, lambda: terminal.translator(config).text(key))
