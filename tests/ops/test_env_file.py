"""`.env.example` names every setting that a container may be given, with a value that may be put in force."""

import re

import pytest

from geo_service.settings import PREFIX, Settings, load
from tests.ops.test_containers import INSIDE, OF_COMPOSE, PROJECT

NEVER = {"GEO_DEMO", "GEO_TODAY"}
"""Settings for the demo and for tests."""


def example() -> dict[str, str]:
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_names_every_setting() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert example().keys() == (known - INSIDE - NEVER) | OF_COMPOSE


def test_each_line_of_the_example_may_be_put_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {name: value for name, value in example().items() if name not in OF_COMPOSE}
    for name, value in lines.items():
        monkeypatch.setenv(name, value)
    in_force = load()
    assert {PREFIX + name.upper() for name in in_force.model_fields_set} >= {
        name for name in lines if lines[name]
    }
    assert in_force.poll_minutes == {"gipod": 30.0}
