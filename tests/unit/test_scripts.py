"""Pure functions of the viewer, in Node: what they return does not need a page."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import geo_service
from tests.conftest import unavailable

SCRIPTS = Path(geo_service.__file__).parent / "viewer" / "static" / "js"


def evaluated(module: str, expression: str) -> Any:
    """What an expression in the names of a module comes to."""
    node = shutil.which("node")
    if node is None:
        unavailable("node")
    script = (
        f"import * as m from {json.dumps(str(SCRIPTS / module))}; console.log(JSON.stringify({expression}))"
    )
    command = [str(node), "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_instant_of_another_day_says_its_day() -> None:
    hours = "new Date(Date.now() + {} * 3_600_000)"
    now, yesterday = hours.format(0), hours.format(-24)
    assert evaluated("i18n.js", f"m.since({now}) === m.clock({now})")
    said, moment, clock = evaluated("i18n.js", f"[m.since, m.moment, m.clock].map(say => say({yesterday}))")
    assert said == moment != clock


def test_an_instant_has_its_day_in_flanders() -> None:
    assert evaluated("i18n.js", "m.dayOf('2026-12-04T23:30:00Z')") == "2026-12-05"


def test_ids_of_actions_are_random_uuids() -> None:
    ids = evaluated("outbox/uuid.js", "[m.uuid(), m.uuid()]")
    assert [uuid.UUID(one).version for one in ids] == [4, 4]
    assert [uuid.UUID(one).variant for one in ids] == [uuid.RFC_4122] * 2
    assert len({*ids}) == 2
