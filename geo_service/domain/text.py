"""Texts of others, as we store and show them."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """The text as one line without control characters, which PostgreSQL, a calendar or a terminal cannot take."""
    return " ".join(_CONTROL.sub(" ", text).split())
