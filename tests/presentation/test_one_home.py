"""Sentences about verdicts, conflicts and alerts have one home: no other room names their keys."""

import ast
import re
from pathlib import Path

import geo_service

ROOT = Path(geo_service.__file__).parent
GROUPS = "alert|alternative|citizen|disappear|frontage|gone|reason|request|sequence|verdict"
KEY = re.compile(rf"({GROUPS})\.[a-z_]*$")


def keys_in(source: str) -> list[str]:
    """Keys of these groups that are filled in or worded: `text("reason.…")`, `text(f"verdict.{…}.title")`."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    worded = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "text"]
    texts = [
        part.value
        for call in worded
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return [text for text in texts if KEY.match(text)]


def test_only_presentation_words_advice_conflicts_and_alerts() -> None:
    rooms = {
        path.relative_to(ROOT).parts[0]
        for path in ROOT.rglob("*.py")
        if keys_in(path.read_text(encoding="utf-8"))
    }
    assert rooms == {"presentation"}


def test_a_key_elsewhere_is_seen() -> None:
    assert keys_in("translator.text(f'reason.{code}', **params)") == ["reason."]
    assert keys_in("translator.text('citizen.same_as')") == ["citizen.same_as"]
    assert keys_in("translator.text('check.nowhere')") == []
