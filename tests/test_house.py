"""The layering of the code: which room may import which, and which files stay pure. Read from the source with ast.

A room is a folder for one capability. A file imports only from rooms before its own; inside a room
pure ← models ← services ← edges. Both are derived from the folders and the names of the files.
"""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support import order
from tests.support.paths import ROOT

pytestmark = pytest.mark.once

# Each app's rooms in the order of their imports: a room may import those before it.
ROOMS = {
    "offices": ("places", "hours", "city", "access", "accounts", "points"),
    "streams": (
        "secrets",
        "servers",
        "pixels",
        "cameras",
        "source",
        "detect",
        "looks",
        "evidence",
        "watch",
        "live",
        "control",
        "setup",
        "simulator",
    ),
    "discipline": (
        "core",
        "staffing",
        "notices",
        "alerts",
        "evidence",
        "board",
        "spotchecks",
        "reports/numbers",
        "reports/signing",
        "reports/files",
        "reports/mail",
        "reports/pages",
        "plans",
        "incidents",
        "complaints",
        "api/access",
        "api/open311",
        "api/v1",
        "api/webhooks",
        "api/clients",
        "disclosure",
        "ops",
        "tools",
    ),
}
APPS = tuple(ROOMS)
# Modules that Django, Channels and Celery look for at an app's top. They may import all rooms.
TOP = {"admin", "apps", "asgi", "celery", "models", "settings", "tasks", "urls", "management", "templatetags"}
EDGES = ("views", "forms", "urls", "consumer", "consumers")  # the whole name, or its end after an underscore
MOST_MODULES = 16  # in one folder
MOST_ENTRIES = 15  # rooms at an app's top
MOST_LINES = 320

IMPURE = {"time", "os", "socket", "pathlib", "subprocess", "threading", "asyncio", "logging", "tempfile", "shutil"}
PURE_LIBRARIES = sys.stdlib_module_names - IMPURE | {"numpy"}
# Lazy translations.
LAZY_WORDS = {f"django.utils.translation.{name}" for name in ("gettext_lazy", "ngettext_lazy", "pgettext_lazy")}

# The folders or files that alone may import a heavy library.
DOORS = {
    "reportlab": ("discipline/core/pdf/",),
    "fontpkg": ("discipline/core/pdf/fonts.py", "streams/evidence/redaction/still.py"),
    "matplotlib": ("streams/simulator/",),
    "openpyxl": ("discipline/reports/files/workbook.py",),
    "openvino": ("streams/detect/openvino_runtime.py",),
    "mediapipe": ("streams/detect/face_mediapipe.py",),
    "pywebpush": ("discipline/notices/senders.py",),
    "py_vapid": ("discipline/notices/senders.py",),
    "http_ece": ("discipline/notices/senders.py",),
    "ninja": ("discipline/api/",),
    "pydantic": ("discipline/api/",),
    "onveef": ("streams/control/onvif.py", "streams/control/steering/onvif_ptz.py"),
    "httpx": ("streams/control/soap.py",),
    # mp4_file and mp4_joining write packets from memory; they open no camera.
    "av": (
        "streams/source/rtsp.py",
        "streams/source/decoding.py",
        "streams/source/mp4_file.py",
        "streams/source/mp4_joining.py",
        "streams/looks/labels.py",
        "discipline/tools/bench/pyav_reading.py",
        "streams/evidence/redaction/clip.py",
        "streams/simulator/",
    ),
}


@cache
def sources() -> tuple[Path, ...]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    assert len(found) > 300
    return tuple(sorted(found))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_of(path): path for path in sources()}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names that a file imports, at any depth; for our own modules the module's name."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join((*package, *filter(None, [node.module])))
            names |= {
                one if (one := f"{module}.{alias.name}") in modules() or module not in modules() else module
                for alias in node.names
            }
    return frozenset(names)


def ours(path: Path) -> list[str]:
    return sorted(name for name in imports(path) if name.split(".")[0] in APPS)


def place_of(module: str) -> tuple[int, int] | None:
    """Return the place of a module's room in the order of all rooms; None for an app's top and a group of rooms."""
    app, _, rest = module.partition(".")
    if not rest or rest.split(".")[0] in TOP or any(room.startswith(rest + "/") for room in ROOMS[app]):
        return None
    inside = rest.replace(".", "/") + "/"
    (found,) = [place for place, room in enumerate(ROOMS[app]) if inside.startswith(room + "/")]
    return APPS.index(app), found


def is_edge(module: str) -> bool:
    return module.rsplit(".", 1)[-1].rsplit("_", 1)[-1] in EDGES


def is_model(module: str) -> bool:
    name = module.rsplit(".", 1)[-1]
    return name in ("models", "fields") or name.endswith("_models") or module == "streams.secrets"  # a field


@cache
def is_pure(module: str) -> bool:
    """Return whether one of our modules imports only pure libraries and modules, reads no clock and does no I/O."""
    path = modules()[module]
    for name in imports(path) - LAZY_WORDS:
        if name.split(".")[0] in APPS:
            if name not in modules() or not is_pure(name):
                return False
        elif name.split(".")[0] not in PURE_LIBRARIES:
            return False
    tree = tree_of(path)
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return not read & {"now", "utcnow", "today", "monotonic"} and not called & {"open", "print", "input"}


def claims_purity(path: Path) -> bool:
    """Return whether the file claims to be pure: a rule by its name, others by "Pure." ending the first paragraph."""
    first = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0]
    return path.stem == "rule" or path.stem.endswith("_rule") or first.endswith("Pure.")


def test_a_file_imports_only_from_rooms_before_its_own() -> None:
    wrong = []
    for path in sources():
        own = place_of(module_of(path))
        app = APPS.index(path.relative_to(ROOT).parts[0])
        for name in ours(path):
            if APPS.index(name.split(".")[0]) > app:
                wrong.append(f"{name_of(path)} imports {name} of a later app")
            elif own is not None and module_of(path) != name:
                place = place_of(name)
                if place is None:
                    wrong.append(f"{name_of(path)} imports {name}, which gathers rooms: import the room itself")
                elif place > own:
                    wrong.append(f"{name_of(path)} imports {name} of a later room")
    assert not wrong


def test_no_product_imports_the_simulator_or_the_tools() -> None:
    for path in sources():
        if "tools" in path.parts or "commands" in path.parts or "simulator" in path.parts:
            continue
        wrong = [name for name in ours(path) if name.startswith(("streams.simulator", "discipline.tools"))]
        assert not wrong, f"{name_of(path)} imports {wrong}"


def test_rules_and_files_that_say_so_are_pure() -> None:
    claiming = [path for path in sources() if claims_purity(path)]
    assert claiming
    wrong = [name_of(path) for path in claiming if not is_pure(module_of(path))]
    assert not wrong, "they import or read more than a pure file may"


def test_models_import_pure_files_and_models_only() -> None:
    models = [path for path in sources() if is_model(module_of(path)) and place_of(module_of(path)) is not None]
    assert models
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in models
        for name in ours(path)
        if not is_model(name) and not is_pure(name)
    ]
    assert not wrong


def test_nothing_imports_an_edge_but_edges() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in sources()
        if not is_edge(module_of(path)) and place_of(module_of(path)) is not None
        for name in ours(path)
        if is_edge(name)
    ]
    assert not wrong


def test_no_file_imports_itself_by_way_of_others() -> None:
    """Imports inside functions count, so none of them hides a cycle."""
    done: set[str] = set()

    def follow(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in ours(modules()[module]):
                if name in modules() and name != module:
                    follow(name, (*way, module))
            done.add(module)

    for module in modules():
        follow(module, ())


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_few_rooms_and_a_room_few_files(app: str) -> None:
    entries = {
        path.stem
        for path in (ROOT / app).iterdir()
        if (path.is_dir() and any(path.glob("**/*.py"))) or path.suffix == ".py"
    }
    rooms = entries - TOP - {"__init__", "migrations"}
    assert {room.split("/")[0] for room in ROOMS[app]} == rooms
    assert len(rooms) <= MOST_ENTRIES
    for folder in {path.parent for path in sources() if path.is_relative_to(ROOT / app)}:
        if folder.name not in ("simulator", "commands", "templatetags"):
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            assert len(files) <= MOST_MODULES, f"{name_of(folder)} has {len(files)} files"


def test_a_room_says_what_it_is_for_and_nothing_else() -> None:
    for path in sources():
        module = module_of(path)
        if path.name != "__init__.py" or place_of(module) is None:
            continue
        tree = tree_of(path)
        words = ast.get_docstring(tree)
        assert len(tree.body) == 1, f"{name_of(path)} holds code"
        assert words, f"{name_of(path)} says nothing"
        if module.replace(".", "/").split("/", 1)[1] in ROOMS[module.split(".")[0]]:
            assert 4 <= len(words.splitlines()) <= 10, f"{name_of(path)}: five to ten lines say what a room is for"


def test_files_stay_short() -> None:
    assert not [name_of(path) for path in sources() if len(path.read_text().splitlines()) > MOST_LINES]


def test_one_class_name_stands_for_one_class() -> None:
    classes: dict[str, list[str]] = {}
    for path in sources():
        if path.name == "schemas.py":  # names of components in the published OpenAPI
            continue
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Command":
                classes.setdefault(node.name, []).append(name_of(path))
    twice = {name: paths for name, paths in classes.items() if len(paths) > 1}
    assert not twice


@pytest.mark.parametrize("library", DOORS)
def test_one_door_to_each_heavy_library(library: str) -> None:
    users = [path for path in sources() if any(name.split(".")[0] == library for name in imports(path))]
    assert users
    for path in users:
        assert name_of(path).startswith(DOORS[library]), f"{name_of(path)} imports {library}"


def test_no_test_imports_from_another_test() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for name in imports(path):
            module = name.split(".")
            wrong = module[0] == "tests" and module[1] != "support"
            assert not wrong, f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("app", APPS)
def test_tests_lie_in_the_room_that_they_test(app: str) -> None:
    folders = {path.name for path in (ROOT / "tests" / app).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= {room.split("/")[0] for room in ROOMS[app]}


def test_files_that_start_first_are_there() -> None:
    assert all((ROOT / path).is_file() for path in (*order.WAITING, *order.LONGEST))
