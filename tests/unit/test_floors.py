"""The house stands: imports go down only, nobody goes round in circles (docs/architecture.md)."""

import ast
import graphlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import geo_service

ROOT = Path(geo_service.__file__).parent
FLOORS = {
    "domain": 0,
    **dict.fromkeys(
        (
            "settings",
            "setting_lines",
            "db",
            "sql",
            "postgres",
            "cluster",
            "connection_pool",
            "city",
            "data_places",
            "i18n",
            "outbound",
            "sign_in_settings",
            "mail_settings",
            "background_settings",
            "logs",
            "metrics",
            "privacy",
            "working_days",
            "pdf",
            "vault",
            "replica",
            "engines",
        ),
        1,
    ),
    "store": 2,
    "presentation": 2.5,
    **dict.fromkeys(
        (
            "detection",
            "coordination",
            "alerts",
            "intake",
            "ogc",
            "open311",
            "analysis",
            "demo",
            "accounts",
            "simulation",
            "exports",
        ),
        3,
    ),
    **dict.fromkeys(("api", "viewer", "cli", "worker", "bench", "demo_run", "__main__"), 4),
}
EDGES = {room for room, floor in FLOORS.items() if floor == 4}
STARTERS = {"demo_run", "__main__"}  # put edges together and do nothing else
STARTED = {"geo_service.api.serve", "geo_service.worker", "geo_service.demo_run"}
STARTED_ROOMS = {"bench"}
ALONE = "client"
DOMAIN_MAY_USE = {"shapely", "geo_service"}
# Ground that comes in must be checked in metres, and a CRS cannot be had without PROJ.
GEOMETRY_MAY_USE = DOMAIN_MAY_USE | {"pyproj", "numpy"}


@dataclass(frozen=True)
class Import:
    """`late` is an import inside a function; `typing` one under `if TYPE_CHECKING`."""

    source: str
    target: str
    late: bool = False
    typing: bool = False

    @property
    def rooms(self) -> tuple[str, str]:
        return room_of(self.source), room_of(self.target)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "geo_service" and len(parts) > 1 else ""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in sorted(ROOT.rglob("*.py"))}


def targets(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        submodule = f"{base}.{alias.name}"
        yield submodule if submodule in MODULES else base


def imports_of(module: str, source: str, *, is_package: bool) -> Iterator[Import]:
    package = module if is_package else module.rpartition(".")[0]

    def walk(node: ast.AST, late: bool, typing: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield from (Import(module, target, late, typing) for target in targets(child, package))
            else:
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                guard = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
                yield from walk(child, late or function, typing or guard)

    yield from walk(ast.parse(source), False, False)


ALL = [
    one
    for module, path in MODULES.items()
    for one in imports_of(module, path.read_text(), is_package=path.name == "__init__.py")
]
OURS = [one for one in ALL if one.target.split(".")[0] == "geo_service" and one.source != one.target]


def steps_up(imports: list[Import]) -> list[Import]:
    return [one for one in imports if FLOORS.get(one.rooms[0], 9) < FLOORS.get(one.rooms[1], -1)]


def edges_that_meet(imports: list[Import]) -> list[Import]:
    """The command line starts the other edges: it may import what starts them inside a command, not at its top."""
    meeting = [one for one in imports if one.rooms[0] != one.rooms[1] and set(one.rooms) <= EDGES]
    return [one for one in meeting if not (one.rooms[0] in STARTERS or starts_an_edge(one))]


def starts_an_edge(one: Import) -> bool:
    return one.rooms[0] == "cli" and one.late and (one.target in STARTED or one.rooms[1] in STARTED_ROOMS)


def circle(pairs: set[tuple[str, str]]) -> list[str]:
    graph: dict[str, set[str]] = {}
    for source, target in pairs:
        graph.setdefault(source, set()).add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def packages(modules: Iterable[str]) -> set[str]:
    """Every package that holds one of these modules, directly or below."""
    parts = [module.split(".") for module in modules]
    return {".".join(names[:length]) for names in parts for length in range(1, len(names))}


def shelf_circles(imports: list[Import]) -> dict[str, list[str]]:
    """For each package, a circle between its modules and packages; an import inside a function counts too."""
    circles = {}
    for package in packages(name for one in imports for name in (one.source, one.target)):
        inside = [one for one in imports if all(is_below(package, m) for m in (one.source, one.target))]
        pairs = {(shelf_of(package, one.source), shelf_of(package, one.target)) for one in inside}
        if found := circle({(source, target) for source, target in pairs if source != target}):
            circles[package] = found
    return circles


def is_below(package: str, module: str) -> bool:
    return module.startswith(f"{package}.")


def shelf_of(package: str, module: str) -> str:
    """The module or package directly below `package` that holds `module`."""
    return ".".join(module.split(".")[: package.count(".") + 2])


def test_every_room_has_a_floor() -> None:
    assert {room_of(module) for module in MODULES} - {"", ALONE} <= FLOORS.keys()


def floors_of(page: str) -> dict[str, float]:
    """The rooms of the block below "Floors" with their floor: names with a slash or `.py`, on a line with a number or below it."""
    floors: dict[str, float] = {}
    floor = 0.0
    for line in page.split("## Floors")[1].split("```")[1].splitlines():
        if number := re.match(r"(\d)(½?)", line):
            floor = int(number[1]) + 0.5 * bool(number[2])
        names = re.findall(r"(\w+)(?:/|\.py\b)(?!\w)", line if floor or number else "")
        floors |= dict.fromkeys(names, floor)
    return floors


def test_the_page_shows_each_room_on_its_floor() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = {name: floor for name, floor in floors_of(page).items() if name in FLOORS}
    assert shown == {name: floor for name, floor in FLOORS.items() if name != "__main__"}


def test_no_import_goes_up() -> None:
    assert steps_up(OURS) == []


def test_edges_do_not_import_each_other() -> None:
    assert edges_that_meet(OURS) == []


def test_no_circle_between_rooms() -> None:
    assert circle({one.rooms for one in OURS if one.rooms[0] != one.rooms[1] and all(one.rooms)}) == []


def test_no_circle_between_the_shelves_of_a_room() -> None:
    assert shelf_circles(OURS) == {}


def test_no_circle_between_modules() -> None:
    assert circle({(one.source, one.target) for one in OURS if not (one.late or one.typing)}) == []


def test_the_client_stands_alone() -> None:
    assert [one for one in OURS if ALONE in one.rooms and one.rooms != (ALONE, ALONE)] == []


def test_the_domain_uses_the_standard_library_and_shapely_only() -> None:
    used = {
        (one.source, one.target.split(".")[0])
        for one in ALL
        if one.rooms[0] == "domain" and one.target.split(".")[0] not in sys.stdlib_module_names
    }
    geometry = tuple(f"geo_service.domain.{name}" for name in ("geometry", "outlines", "rounding"))
    assert [
        (source, target)
        for source, target in used
        if target not in (GEOMETRY_MAY_USE if source in geometry else DOMAIN_MAY_USE)
    ] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("geo_service.domain.works", "from geo_service.store import works"),
        ("geo_service.store.works", "import geo_service.detection.run"),
        ("geo_service.settings", "from . import store"),
        ("geo_service.intake.importer", "def run():\n    from ..api import app"),
    ],
)
def test_a_step_up_is_seen_however_it_is_written(module: str, source: str) -> None:
    assert len(steps_up(list(imports_of(module, source, is_package=False)))) == 1


def test_the_command_line_imports_other_edges_only_inside_a_command() -> None:
    late = "def serve():\n    from geo_service.api import serve"
    assert edges_that_meet(list(imports_of("geo_service.cli", late, is_package=False))) == []
    early = "from geo_service.api import serve"
    assert len(edges_that_meet(list(imports_of("geo_service.cli", early, is_package=False)))) == 1


def test_the_command_line_borrows_nothing_from_another_edge() -> None:
    late = "def check():\n    from geo_service.api import serializers"
    assert len(edges_that_meet(list(imports_of("geo_service.cli", late, is_package=False)))) == 1


def test_a_circle_is_found() -> None:
    assert set(circle({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")})) == {"a", "b", "c"}


def test_a_circle_between_shelves_is_found_without_one_between_modules() -> None:
    imports = [
        Import("geo_service.intake.formats.files", "geo_service.intake.pipeline.report"),
        Import("geo_service.intake.pipeline.load", "geo_service.intake.formats.origin", late=True),
    ]
    assert circle({(one.source, one.target) for one in imports}) == []
    assert list(shelf_circles(imports)) == ["geo_service.intake"]


EPSG = re.compile(r"(EPSG:|SRID=)?(31370|4326|3857|3812)\b")


def test_only_one_file_of_the_service_names_epsg_codes() -> None:
    """Statements in `.sql` files aside: PostgreSQL keeps plans for constants."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and EPSG.match(str(node.value))
    }
    assert {name for name in found if "migrations" not in name} == {"domain/crs.py"}
