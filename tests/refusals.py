"""Every place in the code that refuses something, read from its syntax tree: its reasons, and the parameters that it gives."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geo_service
from geo_service.domain import errors

PACKAGE = Path(geo_service.__path__[0])


def subclasses(kind: type) -> Iterator[type]:
    for module in pkgutil.walk_packages(geo_service.__path__, "geo_service."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        yield one


REASON_AT = {
    "one": 1,
    "FieldError": 1,
    "refuse": 1,
    "Rejection": 2,
    "InvalidRow": 0,
    "UnreadableValue": 0,
    "finding": 0,
    "message": 0,
    "_invalid": 0,
}
"""Who refuses, and which of its arguments is the reason."""
PREFIX = {"_invalid": "schedule_invalid."}
"""What the function puts before its argument."""
MORE_PARAMS = {"UnreadableValue": {"column"}}
"""What is added on the way."""
BUILT = {
    "interrupted": set(),
    "no_server_account": set(),
    "out_of_memory": set(),
    "json_invalid": {"error", "place"},
    **{key: {"url", "page", "other"} for key in ("url_elsewhere", "url_elsewhere.next")},
    **{key: {"least", "most"} for key in ("out_of_range.days", "out_of_range.metres")},
    **{key: {"name"} for key in ("id_missing", "owner_missing")},
    **{
        key: {"file", "error"}
        for key in ("file_missing", "file_is_folder", "file_forbidden", "file_not_read")
    },
    **{
        f"{prefix}{code}": {"limit"}
        for prefix in ("", "geometry_")
        for code in ("nested_too_deeply", "number_too_large")
    },
    **{key: set() for key in ("not_finite.number", "geometry_not_finite.number")},
    **{
        key: {"method", "limit", "wanted", "form", "multipart"}
        for key in ("form_unreadable", "nothing_here", "method_not_possible", "form_too_large", "form_needed")
    },
}
"""Reasons that are put together, handed on, or chosen from a table."""
OWN_WORDS = {"skipped"}
"""What a file of services leaves out on purpose, it says itself."""
ERRORS = {
    kind.__name__
    for kind in subclasses(errors.GeoServiceError)
    if not issubclass(kind, errors.InvalidInput | errors.BlockedByWorks)
} - {"MeasurementFailed"}
"""Whoever makes one of these says why; a bench speaks to who measures."""
SPOKEN_BY_TITLE = {"Interrupted", "RetriesExhausted", "NoServerAccount"}
"""Their sentence is that of their code, or of their class."""


@dataclass(frozen=True)
class Refusal:
    """One reason at one place in the code, with the parameters that the place gives."""

    place: str
    reason: str
    params: frozenset[str]


def refusals() -> Iterator[Refusal]:
    for path in sorted(PACKAGE.rglob("*.py")):
        place = str(path.relative_to(PACKAGE))
        if place.startswith(("client/", "bench/")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            at = REASON_AT.get(name, 0 if name in ERRORS or name == "failure" else None)
            if at is None or len(call.args) <= at or (name == "one" and not of_a_class(call.func)):
                continue
            around = [one for one in functions if one.lineno <= call.lineno <= (one.end_lineno or 0)]
            params = frozenset(params_of(call, around)) | MORE_PARAMS.get(name, set())
            if name in ("Rejection", "InvalidRow"):
                params -= {"line", "origin", "record"}
            for reason in reasons_of(call.args[at], around):
                yield Refusal(f"{place}:{call.lineno}", PREFIX.get(name, "") + reason, params)


def of_a_class(function: ast.expr) -> bool:
    """Whether it is `InvalidInput.one`, or that of a subclass."""
    return isinstance(function, ast.Attribute) and ast.unparse(function.value).rpartition(".")[2][0].isupper()


def assigned(name: str, around: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> Iterator[ast.expr]:
    for node in ast.walk(around[-1]) if around else ():
        if isinstance(node, ast.Assign) and any(getattr(one, "id", None) == name for one in node.targets):
            yield node.value


def reasons_of(value: ast.expr, around: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (reason for one in (value.body, value.orelse) for reason in reasons_of(one, around))
    elif isinstance(value, ast.Name):
        yield from (
            reason
            for one in assigned(value.id, around)
            if isinstance(one, ast.IfExp)
            for reason in reasons_of(one, around)
        )


def params_of(call: ast.Call, around: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> Iterator[str]:
    for value in [*call.args, *(word.value for word in call.keywords if word.arg in (None, "params"))]:
        named = assigned(value.id, around) if isinstance(value, ast.Name) else [value]
        for one in named:
            if isinstance(one, ast.Dict):
                yield from (key.value for key in one.keys if isinstance(key, ast.Constant))
    yield from (word.arg for word in call.keywords if word.arg not in (None, "params"))


FOUND = [one for one in refusals() if one.reason not in OWN_WORDS]
ALL = [*FOUND, *(Refusal("built", reason, frozenset(params)) for reason, params in BUILT.items())]
