"""Propose a mapping in a process of its own: a file that takes too much memory or time ends itself, and not the service that was asked.

`python -m geo_service.intake.assistant.process` is such a process. It reads its question from standard input and writes one line of JSON: the
proposal, or why there is none.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any, Literal

from geo_service import db, logs
from geo_service.domain.errors import SourceUnreachable
from geo_service.i18n import Translator
from geo_service.intake.assistant.preview import first_rows
from geo_service.intake.assistant.proposal import Proposal, propose
from geo_service.intake.formats.raw_record import ReadOptions
from geo_service.intake.pipeline.import_log import OutOfMemory, details_of_any, error_details
from geo_service.settings import Settings, today

PROPOSAL_S = 60.0
"""How long a person waits for ten rows (s)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A file for which a mapping is wanted. `text` is a mapping to try on it; None: propose one."""

    settings: Settings
    origin: str
    target: Literal["works", "repairs"]
    language: str
    text: str | None = None
    sheet: str | None = None
    layer: str | None = None


def answer(question: Question) -> dict[str, Any]:
    """Return `text`, `doubts` and `rows`, or `failure` (as imports keep it). It stores nothing."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(
            command, input=pickle.dumps(question), stdout=subprocess.PIPE, timeout=PROPOSAL_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {"failure": error_details(SourceUnreachable("file_too_slow", seconds=round(PROPOSAL_S)))}
    if done.returncode != 0:
        return {"failure": error_details(OutOfMemory.within(question.settings.import_memory_bytes))}
    content: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return content


def main() -> int:
    """The entry of the process; returns its exit code."""
    question: Question = pickle.load(sys.stdin.buffer)  # nosec B301 # written by the parent process
    most = question.settings.import_memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logs.configure("error")
    try:
        content = asdict(_proposal(question))
    except Exception as error:
        content = {"failure": details_of_any(error)}
    sys.stdout.write(f"\n{json.dumps(content, default=str)}\n")
    return 0


def _proposal(question: Question) -> Proposal:
    settings = question.settings
    translator = Translator("en" if question.language == "en" else "nl", today(settings))
    engine = db.create_engine_from(settings)
    with db.read(engine) as conn:
        if question.text is None:
            options = ReadOptions(sheet=question.sheet, layer=question.layer)
            return propose(question.origin, question.target, settings, conn, translator, options)
        tried = Proposal(question.text)
        tried.rows = first_rows(question.origin, tried.text, settings, conn, tried.doubts, translator)
        return tried


if __name__ == "__main__":
    sys.exit(main())
