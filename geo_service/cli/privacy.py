"""`geo-service privacy …`: personal data of citizens and of people who sign in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from geo_service import db, vault
from geo_service import settings as settings_module
from geo_service.accounts import one_person, retention
from geo_service.accounts.one_person import Person
from geo_service.cli import terminal
from geo_service.domain.errors import InvalidInput, PersonalKeyMissing
from geo_service.store import audit, personal

app = typer.Typer(no_args_is_help=True, help="Personal data: key, rotate, purge, export, erase.")

Email = Annotated[str | None, typer.Option(help="Of whom; what is given must all fit")]
Phone = Annotated[str | None, typer.Option(help="However it is written")]
Name = Annotated[str | None, typer.Option(help="First and last name, in any order")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only count; nothing changes")]

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


@app.command("purge")
def purge(dry_run: DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take away personal data of reports whose repair closed so long ago as the settings say. The worker does it every night."""
    config = terminal.load()
    months = config.retention_months
    with db.write(db.create_engine_from(config)) as conn:
        counts = retention.purge(conn, CLERK, settings_module.today(config), months, dry=dry_run)
    key = "said.purge_due" if dry_run else "said.purged"
    terminal.show(counts, as_json, lambda: terminal.translator(config).text(key, months=months, **counts))


@app.command("export")
def export(
    out: Annotated[Path, typer.Option(help="New file for it, as JSON, readable by you only")],
    email: Email = None,
    phone: Phone = None,
    name: Name = None,
) -> None:
    """Write all that there is of one person to a file: reports, messages, photos, account. On record."""
    config = terminal.load()
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidInput.one("out", "export_not_written", error=error.strerror) from error
    with (
        os.fdopen(descriptor, "w", encoding="utf-8") as file,
        db.write(db.create_engine_from(config)) as conn,
    ):
        held = one_person.export(conn, vault.of(config), Person(email, phone, name))
        json.dump(held, file, ensure_ascii=False, indent=2, default=str)
    counts = {part: len(rows) for part, rows in held.items()}
    terminal.out.print(terminal.translator(config).text("said.exported", **counts))


@app.command("erase")
def erase(
    email: Email = None,
    phone: Phone = None,
    name: Name = None,
    dry_run: DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Erase all that there is of one person. Repairs stay, without their reporter; in the trails an account keeps a pseudonym. On record."""
    config, person = terminal.load(), Person(email, phone, name)
    secrets = vault.of(config)
    with db.write(db.create_engine_from(config)) as conn:
        counts = one_person.find(conn, secrets, person).counts()
        if not dry_run:
            one_person.erase(conn, secrets, person)
    key = "said.erase_due" if dry_run else "said.erased"
    terminal.show(counts, as_json, lambda: terminal.translator(config).text(key, **counts))
