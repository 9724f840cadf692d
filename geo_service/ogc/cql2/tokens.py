"""The words and signs of CQL2 text."""

from __future__ import annotations

import re
from typing import NamedTuple

from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | '(?P<text>(?:[^']|'')*)'
  | "(?P<quoted>(?:[^"]|"")+)"
  | (?P<word>[^\W\d][\w.:]*)
  | (?P<sign><>|<=|>=|[-+*/%^=<>(),])
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word of the filter: what it is, what it says and where it begins."""

    kind: str
    value: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, whatever its capitals."""
        return self.kind == "word" and self.value.lower() in words

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == "sign" and self.value in signs


END = Token("end", "", -1)


def tokens_of(text: str) -> list[Token]:
    """The words and signs of a filter in order. Raises InvalidInput about `filter`."""
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise InvalidInput.one(limits.FIELD, "cql_malformed", at=at + 1, given=text[at : at + 20].strip())
        kind = match.lastgroup
        tokens.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return tokens
