"""A project of Docker Compose in a folder of its own, and a person who visits its page. Standard library only: it runs beside the engine."""

from __future__ import annotations

import http.cookiejar
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
BESIDE = ("Dockerfile", "docker-compose.yml", ".dockerignore", ".env.example", "docs/monitoring")
"""What a host has of us besides that of which the image is built."""


def docker(*command: str, stdin: str | None = None) -> str:
    """What a command of Docker prints. Raises AssertionError with its last lines when it fails."""
    result = subprocess.run(["docker", *command], input=stdin, text=True, capture_output=True, check=False)  # nosec B607 # whichever docker the caller has
    if result.returncode:
        raise AssertionError(f"docker {' '.join(command)}: {(result.stderr + result.stdout)[-2000:]}")
    return result.stdout


@dataclass
class Compose:
    """A checkout in `folder`, and its containers under the name of that folder."""

    folder: Path
    settings: Mapping[str, str]

    def prepare(self) -> None:
        """Copy what a host needs, and write `.env`."""
        ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        for name in (*BESIDE, *(line[1:] for line in ignore if line.startswith("!"))):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(PROJECT / name, target)
        self.write_settings()

    def write_settings(self) -> None:
        """Write `.env`: the example with our settings behind it."""
        lines = [f"{name}={value}" for name, value in self.settings.items()]
        example = (self.folder / ".env.example").read_text(encoding="utf-8")
        (self.folder / ".env").write_text("\n".join((example, *lines, "")), encoding="utf-8")

    def run(self, *command: str, stdin: str | None = None) -> str:
        """What `docker compose …` prints."""
        return docker("compose", "--project-directory", str(self.folder), *command, stdin=stdin)

    def up(self, *services: str) -> float:
        """Start and wait until all are healthy. Returns the seconds."""
        begin = time.monotonic()
        self.run("up", "--detach", "--no-build", "--wait", "--wait-timeout", "300", *services)
        return time.monotonic() - begin

    def service(self, *command: str, stdin: str | None = None, of: str = "api") -> str:
        """What `geo-service …` prints in a container that runs."""
        return self.run("exec", "--no-TTY", of, "geo-service", *command, stdin=stdin)

    def state(self, service: str) -> Mapping[str, Any]:
        """The state of a service's container, as the engine has it."""
        identity = self.run("ps", "--all", "--quiet", service).strip()
        state: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", identity))
        return state

    def kill(self, service: str) -> float:
        """kill -9 of a service's first process. Returns the seconds until the engine has made it healthy again."""
        before = self.state(service)
        begin = time.monotonic()
        os.kill(before["Pid"], signal.SIGKILL)  # not `docker kill`: that is a stop on purpose, and stays one
        until(lambda: self._is_back(service, before["StartedAt"]), f"{service} is healthy again")
        return time.monotonic() - begin

    def _is_back(self, service: str, before: str) -> bool:
        state = self.state(service)
        return bool(state["StartedAt"] != before and state["Health"]["Status"] == "healthy")


def until(condition: Any, what: str, seconds: float = 240) -> None:
    """Wait for a condition. Raises AssertionError when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.5)


@dataclass(frozen=True)
class Answer:
    """An answer of the service."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Person:
    """A person with a browser: cookies are kept, redirects followed."""

    url: str
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
    )

    def get(self, path: str) -> Answer:
        """The page or the resource at a path; status 0 when nobody answers."""
        return self._open(urllib.request.Request(self.url + path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self.url + path, body, {"Origin": self.url}))

    def upload(self, path: str, fields: Mapping[str, str], name: str, content: str) -> Answer:
        """Send a form with a file."""
        limit = uuid.uuid4().hex
        parts = [
            f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()
        ]
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{content}')
        body = "".join(f"--{limit}\r\n{part}\r\n" for part in parts) + f"--{limit}--\r\n"
        headers = {"Origin": self.url, "Content-Type": f"multipart/form-data; boundary={limit}"}
        return self._open(urllib.request.Request(self.url + path, body.encode(), headers))

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode())
        except OSError:
            return Answer(0, "")
