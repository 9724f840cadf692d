"""`make images-test`: build the images, run them under Docker Compose, break them, and print what was seen as the table of docs/operations.md.

It needs a Docker engine with Compose, root (it kills processes of containers), and nothing but Python's standard library.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.images.compose import Compose, Person, docker, until
from scripts.images.variants import elsewhere, profiles, settings_elsewhere, wrong_password

PORT = 8765
URL = f"http://127.0.0.1:{PORT}"
SETTINGS = {"PORT": str(PORT), "GEO_CITY_NAME": "Proefstad", "GEO_LOG_FORMAT": "json", "GEO_KEY_DAYS": "77"}
ELSEWHERE_PORT = 8766
ADMINISTRATOR = "els@proefstad.example"
PASSWORD = "drie-kleine-kleutertjes"  # nosec B105 # of a city that lives for this run
VOLUMES = {"backups", "database", "home", "secrets"}
UPLOAD_BYTES = 3_000_000
"""More than a form keeps in memory, so that it goes through TMPDIR."""


def works(count: int, filling: int = 0) -> str:
    """A file of worksites, each in its own place and month, with `filling` characters of description."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [3.15 + number % 40 / 400, 50.88 + number // 40 / 400]},
            "properties": {
                "Chantier": f"W-{number}", "Organisation": "Fluvius", "Nom": f"Werf {number}", "Rues": "grond " * (filling // 6), "Statut": "Planifié",
                "DateDebut": "01/03/2035", "DateFin": "31/03/2035", "Nature": "Réparation",
            },
        }
        for number in range(count)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


def build(stack: Compose) -> str:
    """Build both images, each once."""
    log = stack.run("build", "--progress", "plain")
    builds = re.findall(r"^#\d+ \[?(\w*)\]? ?exporting to image$", log, re.MULTILINE)
    sizes = docker("images", "--format", "{{.Repository}} {{.Size}}", "--filter", "reference=geo-service*")
    return f"{len(builds)} builds; {', '.join(sizes.splitlines())}"


def start(stack: Compose) -> str:
    """From nothing to healthy: database, schema, API, worker, a first backup."""
    return f"healthy after {stack.up():.0f} s"


def sign_in(stack: Compose, person: Person) -> str:
    """The first administrator opens the link, chooses a password and is in."""
    page = person.get("/")
    assert page.status == 200 and "<form" in page.text, f"no login page: {page}"
    link = stack.service("users", "first-admin", ADMINISTRATOR, "--name", "Els").strip()
    assert link.startswith(f"{URL}/login/link/"), f"the link is elsewhere: {link}"
    path = link.removeprefix(URL)
    assert person.get(path).status == 200
    entry = person.post(path, {"password": PASSWORD})
    assert entry.status == 200, f"no page after the password: {entry}"
    assert person.get("/api/v1/users").status == 200, "the administrator may not see the users"
    return "signed in by the first administrator's link"


def settings(stack: Compose) -> str:
    """What stands in .env is in force in each process."""
    for service in ("api", "worker", "backup"):
        rows = json.loads(stack.service("settings", "--json", of=service))
        values = {row["variable"]: row["value"] for row in rows}
        seen = {name: values[name] for name in SETTINGS if name in values}
        assert seen == {name: value for name, value in SETTINGS.items() if name != "PORT"}, (
            f"{service}: {seen}"
        )
        assert values["GEO_BASE_URL"] == URL, f"{service}: {values['GEO_BASE_URL']}"
    return "in force in api, worker and backup"


def stdin_import(stack: Compose, person: Person) -> str:
    """A file by standard input."""
    report = json.loads(
        stack.service("import", "works", "-", "--mapping", "osiris", "--json", stdin=works(3))
    )
    assert report["created"] == 3, report
    assert total(person) == 3
    return "3 works"


def upload(person: Person) -> str:
    """A large file over HTTP, which the worker takes in; the file systems are read-only."""
    count = 300
    content = works(count, UPLOAD_BYTES // count)
    answer = person.upload(
        "/api/v1/imports", {"source": "works", "mapping": "osiris"}, "werken.geojson", content
    )
    assert answer.status == 202, answer.text[:500]
    path = f"/api/v1/imports/{answer.json()['id']}"
    until(lambda: person.get(path).json()["status"] in ("done", "failed"), "the import is done", 900)
    report = person.get(path).json()
    assert report["status"] == "done" and report["created"] == count - 3, report
    return f"{len(content) / 1e6:.0f} MB, {count} works"


def total(person: Person) -> int:
    answer = person.get("/api/v1/works?limit=1")
    assert answer.status == 200, answer
    number: int = answer.json()["total"]
    return number


def kill(stack: Compose, person: Person, service: str) -> str:
    """kill -9; what was stored is there when it is back."""
    before = total(person)
    seconds = stack.kill(service)
    until(lambda: person.get("/health/ready").status == 200, "the API is ready")
    assert total(person) == before, "something is lost"
    return f"healthy again after {seconds:.0f} s, lost 0"


def silence(stack: Compose, person: Person) -> str:
    """The database is away for 20 s: few words in the logs, no traceback, and all is well afterwards."""
    before = time.time()
    stack.run("stop", "postgis")
    time.sleep(20)
    assert person.get("/health/ready").status == 503
    stack.up("postgis")
    until(lambda: person.get("/health/ready").status == 200, "the API is ready")
    log = stack.run("logs", "--no-log-prefix", "--since", str(int(before)), "api", "worker")
    assert "Traceback" not in log, log[-3000:]
    assert len(log.splitlines()) < 100, f"{len(log.splitlines())} lines"
    for service in ("api", "worker"):
        assert stack.state(service)["Running"], f"{service} has ended"
    return f"{len(log.splitlines())} lines in the logs of api and worker, no traceback"


def down(stack: Compose, person: Person, before: set[str]) -> str:
    """Down and up again: the data are there, and no volume is left but the named ones."""
    count = total(person)
    stack.run("down")
    left = volumes() - before
    assert left == {f"{stack.folder.name}_{name}" for name in VOLUMES}, f"volumes: {left}"
    seconds = stack.up()
    assert total(person) == count, "something is lost"
    return f"only the named volumes are left; up again after {seconds:.0f} s, lost 0"


def volumes() -> set[str]:
    return set(docker("volume", "ls", "--quiet").split())


@contextmanager
def stack_of(settings: dict[str, str], name: str) -> Iterator[Compose]:
    """A stack in a folder of its own, of which nothing stays."""
    with tempfile.TemporaryDirectory(prefix=f"images-test-{name}-") as folder:
        stack = Compose(Path(folder), settings)
        stack.prepare()
        try:
            yield stack
        except AssertionError:
            sys.stderr.write(stack.run("ps", "--all") + stack.run("logs", "--no-color", "--tail", "40"))
            raise
        finally:
            stack.run("down", "--volumes", "--timeout", "5")


def play(name: str, step: Callable[..., str], *parts: object) -> None:
    """One line of the table."""
    begin = time.monotonic()
    result = step(*parts)
    line(name, result, f"{time.monotonic() - begin:.0f} s")


def line(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


def main() -> None:
    """All steps on one stack, and one with a database elsewhere beside it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all is removed
    before = volumes()
    person = Person(URL)
    line("Step", "What was seen", "Took")
    line("---", "---", "---")
    with stack_of(SETTINGS, "one") as stack:
        play("build", build, stack)
        play("`docker compose up`", start, stack)
        play("sign-in", sign_in, stack, person)
        play("settings of `.env`", settings, stack)
        play("import by standard input", stdin_import, stack, person)
        play("upload", upload, person)
        for service in ("api", "worker", "postgis"):
            play(f"`kill -9` of {service}", kill, stack, person, service)
        play("database away for 20 s", silence, stack, person)
        play("`docker compose down`, and up", down, stack, person, before)
        play("a wrong password of the database", wrong_password, stack)
        with stack_of(settings_elsewhere(SETTINGS, ELSEWHERE_PORT), "two") as second:
            play("database elsewhere", elsewhere, stack, second, Person(f"http://127.0.0.1:{ELSEWHERE_PORT}"))
        play("profiles `tls` and `replica`", profiles, stack, person)
    assert volumes() == before, f"volumes are left: {volumes() - before}"


if __name__ == "__main__":
    if os.getuid():
        sys.exit("images-test: needs root, to kill processes of containers")
    main()
