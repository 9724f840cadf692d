"""`make demo`: the demo city from nothing to an open page. Ctrl-C stops everything that this started."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine

from geo_service import city, db, vault, worker
from geo_service.api import serializers, serve
from geo_service.cluster import DATABASE, Cluster
from geo_service.demo.load import golden_places, is_loaded, load_city
from geo_service.demo.model import City
from geo_service.demo.region import generate_tiles
from geo_service.detection.prepare import prepare_database
from geo_service.domain.crs import WGS84
from geo_service.domain.roles import ROLES, Role
from geo_service.i18n import Translator
from geo_service.presentation.conflicts import title
from geo_service.settings import InvalidSettings, Settings
from geo_service.store import conflicts, keys, listing

UNFINISHED = "demo.unfinished"
"""A file that is there, and locked, while the city is stored; one that nobody holds was left by a demo that was killed."""


def run(settings: Settings, *, reset: bool, scale: float, console: Console, translator: Translator) -> None:
    """Start database, worker, API and viewer with the demo city, and serve until Ctrl-C."""
    _check_port(settings)
    private = Cluster(settings.home)
    with _ended_by_signals(), contextlib.ExitStack() as started:
        if reset:
            private.destroy()
        started.callback(_whatever_comes, private.stop)
        private.start()
        _forget_half_city(private, settings)
        url = db.database_url(settings).render_as_string(hide_password=False)
        secrets = vault.ready(settings)
        prepare_database(url, settings.city_organisation, city.content(settings.city_file), secrets)
        engine = db.create_engine_from(settings)
        golden = _ready_city(engine, settings, translator, scale, console)
        _write_keys(engine, settings.home / "keys.json")
        server = serve.server(settings, golden)
        page = f"http://{settings.host}:{settings.port}"
        with db.read(engine) as conn:
            console.print(_first_conflicts(conn, translator))
        kept = translator.text("said.demo.keys", path=str(settings.home / "keys.json"))
        console.print(
            f"\n[bold]{page}[/bold]  ·  API: {page}/docs  ·  {kept}  ·  {translator.text('said.demo.stop')}\n"
        )
        with _working(settings), contextlib.suppress(KeyboardInterrupt):
            server.run()
        engine.dispose()


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM, and a terminal that is closed, end the demo as Ctrl-C does: with all that it started."""

    def end(sign: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {sign: signal.signal(sign, end) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _whatever_comes(stop: Callable[[], None]) -> None:
    """Stop without being stopped: who is impatient sends a second signal."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    stop()


@contextlib.contextmanager
def _working(settings: Settings) -> Iterator[None]:
    """The worker in a thread of this process, so that it ends with it, however that ends."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(settings, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _check_port(settings: Settings) -> None:
    """Say so before a city is built, not after. Raises InvalidSettings when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise InvalidSettings(
                "port_taken", port=str(settings.port), free=str(settings.port + 1)
            ) from error


def _forget_half_city(private: Cluster, settings: Settings) -> None:
    """Empty the private database where a demo was killed while its city was stored: it begins anew. Raises InvalidSettings while another
    demo stores it.
    """
    unfinished = settings.home / UNFINISHED
    if settings.database_url is None and unfinished.exists():
        with _held(unfinished):
            private.drop_database(DATABASE)
            private.start()


@contextlib.contextmanager
def _held(unfinished: Path) -> Iterator[None]:
    """Hold the file for this process. Raises InvalidSettings when another one holds it."""
    with unfinished.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidSettings("demo_under_way", folder=str(unfinished.parent)) from error
        yield


def _ready_city(
    engine: Engine, settings: Settings, translator: Translator, scale: float, console: Console
) -> list[dict[str, Any]]:
    """The city as it was left (the worker brings it to today); or a fresh one. Raises InvalidSettings when a city is there and its named places are not."""
    remembered, unfinished = settings.home / "demo.json", settings.home / UNFINISHED
    with db.read(engine) as conn:
        loaded = is_loaded(conn)
    if loaded and not remembered.exists():
        raise InvalidSettings("memory_damaged", file=str(remembered))
    if loaded:
        return list(json.loads(remembered.read_text(encoding="utf-8")))

    def tell(key: str, **counts: int) -> None:
        console.print(f"  {translator.text(key, **counts)}")

    day = translator.today
    with _held(unfinished), console.status(translator.text("said.demo.building")):
        golden: list[dict[str, Any]] = []
        towns = _remembering(generate_tiles(today=day, scale=scale), golden)
        load_city(engine, settings, towns, day, tell=tell)
        remembered.write_text(json.dumps(golden, ensure_ascii=False), encoding="utf-8")
    unfinished.unlink()
    return golden


def _remembering(towns: Iterable[City], golden: list[dict[str, Any]]) -> Iterator[City]:
    """The towns as they come, with their named places noted in `golden`."""
    for town in towns:
        golden += golden_places(town)
        yield town


def _write_keys(engine: Engine, path: Path) -> None:
    """One key per role, readable by this user only; made anew when this database does not know them."""
    with db.write(engine) as conn:
        if path.exists() and keys.principal(conn, json.loads(path.read_text(encoding="utf-8"))["viewer"]):
            return
        made = {role: keys.create(conn, f"demo {role}", role, owner_group=_group_of(role)) for role in ROLES}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=2)


def _group_of(role: Role) -> str | None:
    return "proximus" if role == "partner" else None


def _first_conflicts(conn: Connection, translator: Translator) -> Table:
    """The conflicts with the most at risk, in words."""
    conflict_rows = conflicts.find(conn, listing.Window(limit=1000)).rows
    worst = sorted(conflict_rows, key=lambda row: -row["facts"]["cost_at_risk_eur"])[:5]
    briefs = conflicts.briefs(conn, worst)
    heads = (translator.text(f"column.{name}") for name in ("conflict", "severity", "who", "from", "at_risk"))
    table = Table(*heads, title=translator.text("said.demo.conflicts", count=len(conflict_rows)))
    for row in worst:
        shown = serializers.conflict(row, briefs, WGS84)
        cost = translator.money(row["facts"]["cost_at_risk_eur"])
        table.add_row(
            title(row["number"], row["rule_id"], translator),
            translator.text(f"severity.{row['severity']}"),
            shown["b"]["owner"],
            shown["b"]["claim"]["stated_starts_on"],
            cost,
        )
    return table
