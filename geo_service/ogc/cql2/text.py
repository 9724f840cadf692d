"""CQL2 text as the tree of CQL2 JSON, in linear time.

The libraries that read CQL2 text take exponential time for a filter that ends too early, or end the process; the test holds this reader to one.
"""

from __future__ import annotations

from typing import Any

from geo_service.domain.errors import InvalidInput
from geo_service.ogc.cql2 import limits, wkt
from geo_service.ogc.cql2.tokens import END, Token, tokens_of

MAX_DIGITS = 18
"""A longer whole number is read as a decimal one: no column holds it, and Python reads no more than 4,300 digits."""
_ORDER = ("=", "<>", "<", ">", "<=", ">=")


def read(text: str) -> Any:
    """The tree of a filter in CQL2 text. Raises InvalidInput about `filter`."""
    if len(text) > limits.MAX_CHARACTERS:
        raise InvalidInput.one(limits.FIELD, "cql_too_large", limit=limits.MAX_CHARACTERS)
    reader = _Reader(tokens_of(text))
    tree = reader.expression()
    if reader.next is not END:
        raise reader.unexpected()
    return tree


class _Reader:
    """Reads tokens from left to right, one ahead."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = [*tokens, END]
        self._place = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._place]

    @property
    def after_next(self) -> Token:
        return self._tokens[min(self._place + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.next
        self._place += token is not END
        return token

    def unexpected(self) -> InvalidInput:
        if self.next is END:
            return InvalidInput.one(limits.FIELD, "cql_malformed.end")
        return InvalidInput.one(
            limits.FIELD, "cql_malformed", at=self.next.at + 1, given=self.next.value[:20]
        )

    def expect(self, sign: str) -> None:
        if not self.next.is_sign(sign):
            raise self.unexpected()
        self.take()

    def expect_word(self, word: str) -> None:
        if not self.next.is_word(word):
            raise self.unexpected()
        self.take()

    def expression(self) -> Any:
        self._deeper()
        parts = [self._conjunction()]
        while self.next.is_word("or"):
            self.take()
            parts.append(self._conjunction())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else {"op": "or", "args": parts}

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise limits.refuse_depth()

    def _conjunction(self) -> Any:
        parts = [self._negation()]
        while self.next.is_word("and"):
            self.take()
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}

    def _negation(self) -> Any:
        odd = False
        while self.next.is_word("not"):
            self.take()
            odd = not odd
        tree = self._predicate()
        return {"op": "not", "args": [tree]} if odd else tree

    def _predicate(self) -> Any:
        left = self._sum()
        if self.next.is_sign(*_ORDER):
            return {"op": self.take().value, "args": [left, self._sum()]}
        if self.next.is_word("is"):
            return self._null(left)
        negated = self.next.is_word("not")
        if negated:
            self.take()
        if not self.next.is_word("between", "in", "like", "ilike"):
            if negated:
                raise self.unexpected()
            return left
        tree = self._word_predicate(left)
        return {"op": "not", "args": [tree]} if negated else tree

    def _word_predicate(self, left: Any) -> Any:
        word = self.take().value.lower()
        if word == "between":
            low = self._sum()
            self.expect_word("and")
            return {"op": "between", "args": [left, low, self._sum()]}
        if word == "in":
            self.expect("(")
            return {"op": "in", "args": [left, self._list()]}
        sides = [left, self._sum()]
        if word == "ilike":  # of the older CQL, which GDAL sends
            sides = [{"op": "casei", "args": [side]} for side in sides]
        return {"op": "like", "args": sides}

    def _null(self, left: Any) -> Any:
        self.take()
        negated = self.next.is_word("not")
        if negated:
            self.take()
        self.expect_word("null")
        tree = {"op": "isNull", "args": [left]}
        return {"op": "not", "args": [tree]} if negated else tree

    def _list(self) -> list[Any]:
        """The items up to the closing parenthesis; the opening one is taken."""
        items: list[Any] = []
        if self.next.is_sign(")"):
            self.take()
            return items
        while True:
            items.append(self.expression())
            if self.next.is_sign(")"):
                self.take()
                return items
            self.expect(",")

    def _sum(self) -> Any:
        left = self._product()
        while self.next.is_sign("+", "-"):
            left = {"op": self.take().value, "args": [left, self._product()]}
        return left

    def _product(self) -> Any:
        left = self._power()
        while self.next.is_sign("*", "/", "%") or self.next.is_word("div"):
            left = {"op": self.take().value.lower(), "args": [left, self._power()]}
        return left

    def _power(self) -> Any:
        left = self._sign()
        while self.next.is_sign("^"):
            self.take()
            left = {"op": "^", "args": [left, self._sign()]}
        return left

    def _sign(self) -> Any:
        odd = False
        while self.next.is_sign("-", "+"):
            odd ^= self.take().value == "-"
        tree = self._primary()
        if not odd:
            return tree
        is_number = isinstance(tree, int | float) and not isinstance(tree, bool)
        return -tree if is_number else {"op": "*", "args": [-1, tree]}

    def _primary(self) -> Any:
        token = self.next
        if token.kind == "number":
            self.take()
            is_integer = token.value.isdecimal() and len(token.value) <= MAX_DIGITS
            return int(token.value) if is_integer else float(token.value)
        if token.kind == "text":
            self.take()
            return token.value.replace("''", "'")
        if token.kind == "quoted":
            self.take()
            return {"property": token.value.replace('""', '"')}
        if token.is_sign("("):
            return self._group()
        if token.kind == "word":
            return self._name()
        raise self.unexpected()

    def _group(self) -> Any:
        """An expression in parentheses, or an array."""
        self.take()
        items = self._list()
        return items[0] if len(items) == 1 else items

    def _name(self) -> Any:
        name = self.take().value
        if name.lower() in ("true", "false"):
            return name.lower() == "true"
        if name.lower() in wkt.KINDS and (self.next.is_sign("(") or self.next.is_word("z", "empty")):
            self._place, geometry = wkt.read(self._tokens, self._place, name.lower())
            return geometry
        if not self.next.is_sign("("):
            return {"property": name}
        self.take()
        return self._call(name.lower(), self._list())

    def _call(self, name: str, items: list[Any]) -> Any:
        if name == "bbox":
            return {"bbox": items}
        if name == "interval":
            return {"interval": items}
        if name in ("date", "timestamp") and len(items) == 1:
            return {name: items[0]}
        return {"op": name, "args": items}
