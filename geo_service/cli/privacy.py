"""`geo-service privacy …`: personal data of citizens and of people who sign in."""

from __future__ import annotations

import typer

from geo_service import db, vault
from geo_service.cli import terminal
from geo_service.domain.errors import PersonalKeyMissing
from geo_service.store import audit, personal

app = typer.Typer(no_args_is_help=True, help="Personal data: key, rotate, purge, export, erase.")

CLERK = audit.Actor(audit.COMMAND_LINE)


@app.command("key")
def key() -> None:
    """Print a fresh key for personal data. Nothing is stored."""
    terminal.out.print(vault.new_key(), soft_wrap=True, highlight=False)


@app.command("rotate")
def rotate(as_json: terminal.AsJson = False) -> None:
    """Encrypt all personal data with the first key. The private database gets a new key for it; restart the service then."""
    config = terminal.load()
    if config.personal_key is None:
        if vault.of(config).is_closed:
            raise PersonalKeyMissing("personal_key_missing")
        vault.add_key(config)
    with db.write(db.create_engine_from(config)) as conn:
        count, unreadable = personal.reseal(conn, vault.of(config))
        facts = {"count": count, "unreadable": unreadable}
        audit.record(conn, CLERK, "personal_data_resealed", "personal_data:all", **facts)
    translator = terminal.translator(config)
    terminal.show(facts, as_json, lambda: translator.text("said.resealed", **facts))
    if config.personal_key is None and not as_json:
        terminal.out.print(translator.text("said.key_file", path=str(config.home / vault.FILE)))
    if unreadable:
        raise typer.Exit(terminal.REJECTED)
