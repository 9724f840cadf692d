"""`geo-service mail …`: whether e-mails leave."""

from __future__ import annotations

from typing import Annotated

import typer

from geo_service.alerts import mailing
from geo_service.cli import terminal

app = typer.Typer(no_args_is_help=True, help="E-mail: test.")


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
