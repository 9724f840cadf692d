"""What every test may ask for: a real PostGIS, a real Chromium, the folder with real records.

One private cluster serves all pytest processes of this checkout. Each takes a shared lock on it; the last
one out clears and stops it. A killed run leaves nothing that the next one minds: the kernel drops its locks, and
`reaper.py` ends what it started.

Which database a test takes:

- `conn`: it stores, and its transaction is rolled back. No cost; one database for each process.
- `fresh_database`: it commits. A copy of `template`, 0.05 s.
- `demo_server`, `viewer_url`: it only reads the demo city. One service for each process, on a copy of `demo_template`.
- a service of its own: `tests/api/conftest.py`, one for each file.

`template`, `demo_template` and `demo_city` are made once for all processes, and kept until the service's code changes.
"""

import contextlib
import fcntl
import json
import os
import pickle
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

from geo_service import db, settings
from geo_service.cluster import DATABASE, Cluster
from geo_service.demo.load import golden_places, load_city
from geo_service.demo.model import City
from geo_service.demo.region import generate_city
from geo_service.detection.prepare import prepare_database
from tests import browsers, reaper
from tests.fingerprint import fingerprint_in_force
from tests.serving import PERSONAL_KEY, TODAY, Service, running

PROJECT = Path(__file__).parent.parent
TEST_HOME = PROJECT / ".tools" / "test-home"


def pytest_configure() -> None:
    """A developer's own settings must not change a test, and no test may reach the demo's data."""
    for variable in [name for name in os.environ if name.startswith("GEO_") and name != "GEO_SHARED"]:
        del os.environ[variable]
    os.environ["GEO_HOME"] = str(PROJECT / ".tools" / "no-home")
    TEST_HOME.mkdir(parents=True, exist_ok=True)
    reaper.start(TEST_HOME)


LONGEST = (
    "test_full_run_is_the_truth.py",
    "test_storm.py",
    "test_real_weeks.py",
    "test_day_change.py",
    "test_killed.py",
    "test_every_source.py",
)


def place_in_run(item: pytest.Item) -> int:
    """The files that take minutes come first, then those with a browser, and the quick ones of `tests/unit` last: else one worker still
    plays a long file when the other has nothing left to do."""
    if item.path.name in LONGEST:
        return LONGEST.index(item.path.name)
    room = item.path.parent.name
    return len(LONGEST) + {"viewer": 0, "unit": 2}.get(room, 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in the order in which the workers take their files."""
    items.sort(key=place_in_run)
    if os.environ.get("CI") == "true":
        for item in items:
            if item.get_closest_marker("browser"):
                # A busy machine draws late; the summary names what ran twice.
                item.add_marker(pytest.mark.flaky(reruns=1))


def unavailable(what: str) -> None:
    """Skips on a developer's machine; on CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is needed when CI=true")
    pytest.skip(what)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The running test cluster. Not for tests that stop or break it: those make their own."""
    TEST_HOME.mkdir(parents=True, exist_ok=True)
    with (TEST_HOME / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        shared = Cluster(TEST_HOME, durable=False)
        shared.start()
        yield shared
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear(shared)
            shared.stop()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A migrated database with the rules every city starts from, to copy; made once for each state of the code."""
    name = f"template_{_fingerprint()}"
    with _turn("template"):
        if name not in _databases(cluster):
            cluster.drop_database("unfinished")
            prepare_database(_for_sqlalchemy(cluster.create_database("unfinished")))
            with _admin(cluster) as connection:  # a killed run leaves no half-migrated template
                finish = sql.SQL("ALTER DATABASE unfinished RENAME TO {}")
                connection.execute(finish.format(sql.Identifier(name)))
    return name


@pytest.fixture(scope="session")
def demo_city() -> City:
    """The demo city of 23 November 2026, generated once for each state of the code: that takes ten seconds."""
    file = TEST_HOME / f"city_{_fingerprint()}.pickle"
    with _turn("city"):
        if not file.exists():
            for old in TEST_HOME.glob("city_*"):
                old.unlink()
            unfinished = file.with_suffix(".unfinished")  # a killed run leaves no half city
            unfinished.write_bytes(pickle.dumps(generate_city(today=TODAY)))
            unfinished.rename(file)
    city: City = pickle.loads(file.read_bytes())
    return city


@pytest.fixture(scope="session")
def demo_template(
    cluster: Cluster, template: str, request: pytest.FixtureRequest
) -> tuple[str, list[dict[str, Any]]]:
    """A database with the demo city, made once for each state of the code, and the golden places of the city."""
    name = f"demo_{_fingerprint()}"
    remembered = TEST_HOME / f"{name}.json"
    with _turn("demo"):
        if name not in _databases(cluster) or not remembered.exists():
            for old in TEST_HOME.glob("demo_*.json"):
                old.unlink()
            cluster.drop_database(name)
            city = request.getfixturevalue("demo_city")
            remembered.write_text(json.dumps(golden_places(city)), encoding="utf-8")
            cluster.drop_database("unfinished_demo")
            config = settings.load(
                database_url=cluster.create_database("unfinished_demo", template),
                today=TODAY,
                personal_key=PERSONAL_KEY,
            )
            engine = db.create_engine_from(config)
            load_city(engine, config, [city], TODAY)
            engine.dispose()
            with _admin(cluster) as connection:
                finish = sql.SQL("ALTER DATABASE unfinished_demo RENAME TO {}")
                connection.execute(finish.format(sql.Identifier(name)))
    return name, json.loads(remembered.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def demo_server(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[Service]:
    """The demo as `make demo` serves it, for tests that only read."""
    name, golden = demo_template
    database = f"demo_{uuid.uuid4().hex}"
    url = cluster.create_database(database, name)
    with psycopg.connect(
        url, autocommit=True
    ) as connection:  # its feed came in now, not when the template was made
        connection.execute("UPDATE imports SET finished_at = now() WHERE status = 'done'")
    with running(url, golden=golden, demo=True) as service:
        yield service
    cluster.drop_database(database)


@pytest.fixture(scope="session")
def viewer_url(demo_server: Service) -> str:
    """Where the demo's page is."""
    return demo_server.url


@pytest.fixture(scope="session")
def database_url(cluster: Cluster, template: str) -> str:
    """A migrated database of this process, as SQLAlchemy takes it; tests leave it as they found it."""
    return _for_sqlalchemy(cluster.create_database(f"test_{uuid.uuid4().hex}", template))


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = db.create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a transaction that is rolled back after the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def fresh_database(cluster: Cluster, template: str) -> Iterator[str]:
    """A migrated database for one test that commits, as SQLAlchemy takes it."""
    name = f"test_{uuid.uuid4().hex}"
    yield _for_sqlalchemy(cluster.create_database(name, template))
    cluster.drop_database(name)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real records: GEO_SHARED, or `shared` beside the checkout."""
    folder = Path(os.environ.get("GEO_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        unavailable("the shared folder with real records")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. Per module: while it runs, this thread's event loop is taken and asyncio.run fails."""
    with sync_playwright() as playwright:
        program = browsers.program(playwright.chromium)
        if program is None:
            unavailable("Chromium")
        running = playwright.chromium.launch(executable_path=program, args=browsers.ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a person who has never been here: own cookies, Dutch, a desktop window."""
    with browser.new_context(
        locale="nl-BE", viewport={"width": 1280, "height": 800}, service_workers="block"
    ) as context:
        yield context.new_page()


@contextlib.contextmanager
def _turn(what: str) -> Iterator[None]:
    """One process at a time makes what all processes of this checkout share."""
    with (TEST_HOME / f"{what}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@cache
def _fingerprint() -> str:
    return fingerprint_in_force(PROJECT)


def _admin(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.url_of("postgres"), autocommit=True)


def _databases(cluster: Cluster) -> set[str]:
    with _admin(cluster) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def _clear(cluster: Cluster) -> None:
    made_once = {f"template_{_fingerprint()}", f"demo_{_fingerprint()}"}
    keep = {"postgres", "template0", "template1", DATABASE, *made_once}
    for name in _databases(cluster) - keep:
        cluster.drop_database(name)


def _for_sqlalchemy(url: str) -> str:
    return sa.make_url(url).set(drivername=db.DRIVER).render_as_string(hide_password=False)
