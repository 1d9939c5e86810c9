"""The house: which file may import which, and which files stay pure. Read from the source with ast."""

import ast
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

APPS = ("offices", "streams", "discipline")
PURE = [
    "offices/hours/duty.py",
    "streams/pixels/shapes.py",
    "streams/pixels/quality.py",
    "streams/pixels/sharpness.py",
    "streams/pixels/stillness.py",
    "streams/pixels/viewpoint.py",
    "streams/pixels/occupancy.py",
    "streams/detect/poses.py",
    "streams/evidence/chain.py",
    "streams/evidence/policy.py",
    "streams/evidence/redaction/rule.py",
    "streams/evidence/http_range.py",
    "streams/pixels/wall_tiles.py",
    "streams/source/h264.py",
    "streams/source/fmp4.py",
    "streams/live/send_window.py",
    "streams/source/stream_clock.py",
    "streams/simulator/rtp.py",
    "streams/simulator/nal.py",
    "streams/simulator/clock.py",
    "streams/simulator/scripts.py",
    "streams/simulator/scenes.py",
    "streams/simulator/layouts.py",
    "streams/simulator/h264.py",
    "streams/simulator/h265.py",
    "streams/simulator/auth.py",
    "discipline/staffing/rule.py",
    "discipline/staffing/tally.py",
    "discipline/alerts/decisions/rule.py",
    "discipline/spotchecks/draw.py",
    "discipline/spotchecks/findings/rule.py",
    "discipline/tools/evaluate/office_day.py",
    "discipline/staffing/day_strip.py",
    "discipline/staffing/rejudge.py",
    "discipline/tools/demo/generate_days.py",
    "discipline/tools/demo/fast_rejudge.py",
    "discipline/tools/demo/history_words.py",
    "discipline/alerts/case/timeline.py",
    "discipline/alerts/case/visibility.py",
    "discipline/staffing/incident_rule.py",
    "discipline/notices/rule.py",
    "discipline/plans/weeks.py",
    "discipline/plans/precedence.py",
    "discipline/plans/affected_days.py",
    "discipline/reports/numbers/period.py",
    "discipline/reports/numbers/figures.py",
    "discipline/reports/numbers/charts.py",
    "discipline/reports/signing/steps.py",
    "discipline/reports/signing/snapshot.py",
    "discipline/reports/signing/amendments.py",
    "discipline/reports/mail/calendar.py",
    "offices/places/search.py",
]
ALONE = {  # who alone may import what
    "reportlab": {"discipline/core/pdf/page.py", "discipline/alerts/case/pdf.py"},
    "openpyxl": {"discipline/reports/files/workbook.py"},
    "openvino": {"streams/detect/detector.py"},
    "pywebpush": {"discipline/notices/senders.py"},
    "py_vapid": {"discipline/notices/senders.py"},
    "http_ece": {"discipline/notices/senders.py"},
    "ninja": {"discipline/api/"},
    "pydantic": {"discipline/api/"},
    # faces.py: where faces are, to hide them. A door of its own, so that no look at a counter can ever ask for one.
    "mediapipe": {"streams/detect/faces.py", "streams/detect/model_files.py"},
    # muxing writes packets that are in memory already; it opens no camera.
    "av": {
        "streams/source/rtsp.py",
        "streams/source/mp4_file.py",
        "streams/detect/evaluation.py",
        "streams/evidence/redaction/clip.py",
        "streams/simulator",
    },
}
# Inside an app: pure ← models ← services ← edges. A model never imports a service, a service never an edge.
EDGES = {"views", "consumers", "admin", "tasks", "urls", "forms", "asgi", "celery"}
EDGES |= {
    "incident_views",
    "pictures_views",
    "reference_views",
    "health_views",
    "zone_views",
    "import_views",
    "evidence_views",
    "indication_views",
    "decision_views",
    "live_views",
}
EDGES |= {"evidence_urls", "original_views", "opening_forms"}
EDGES |= {"file_views", "file_urls"}
EDGES |= {"apps", "notice_urls", "notice_views", "notice_forms"}
EDGES |= {"viewing_views", "viewing_forms", "wall_views", "wall_consumer"}
EDGES |= {"shell_views"}
EDGES |= {"retention_urls", "retention_views", "retention_forms"}
EDGES |= {"plan_views", "plan_forms", "holiday_views", "closure_views", "closure_forms", "clock_fields"}
EDGES |= {"sidak_urls", "sidak_views", "sidak_run_views", "sidak_forms", "finding_views"}


def sources() -> list[Path]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    assert len(found) > 30
    return sorted(found)


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join((*package, *filter(None, [node.module])))
            names |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_an_app_imports_only_what_stands_before_it(path: Path) -> None:
    app = path.relative_to(ROOT).parts[0]
    later = APPS[APPS.index(app) + 1 :]
    wrong = {name for name in imports(path) if name.split(".")[0] in later}
    assert not wrong, f"{name_of(path)} imports {wrong}"


@pytest.mark.parametrize("name", PURE)
def test_pure_files_know_no_framework_no_clock_and_no_disk(name: str) -> None:
    path = ROOT / name
    impure = {"time", "os", "socket", "pathlib", "subprocess", "threading", "asyncio"}
    allowed = sys.stdlib_module_names - impure | {"numpy"}
    for imported in imports(path):
        ours = imported.replace(".", "/")
        of_a_pure_file = any(f"{ours}/".startswith(other.removesuffix(".py") + "/") for other in PURE)
        assert imported.split(".")[0] in allowed or of_a_pure_file, f"{name} imports {imported}"
    tree = ast.parse(path.read_text())
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & {"now", "utcnow", "today", "monotonic"}, f"{name} reads a clock"
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not calls & {"open", "print", "input"}, f"{name} does I/O"


@pytest.mark.parametrize("library", ALONE)
def test_one_door_to_each_heavy_library(library: str) -> None:
    for path in sources():
        if any(name.split(".")[0] == library for name in imports(path)):
            assert any(name_of(path).startswith(door) for door in ALONE[library]), f"{name_of(path)} imports {library}"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_nothing_imports_an_edge_but_edges(path: Path) -> None:
    if path.stem in EDGES or "management" in path.parts:
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] in APPS:
            assert not EDGES & set(parts[1:]), f"{name_of(path)} imports {name}"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_models_do_not_import_services(path: Path) -> None:
    if path.name != "models.py" and path.parent.name != "models":
        return
    allowed = {"models", "hours", "shapes", "occupancy", "staffing", "verdict", "secrets", "incident"}
    allowed |= {"following", "noticing"}
    for name in imports(path):
        parts = name.split(".")
        if parts[0] in APPS and len(parts) > 1 and parts[:3] != ["discipline", "signing", "steps"]:
            assert parts[1] in allowed, f"{name_of(path)} imports {name}"
