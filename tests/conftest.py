"""Fixtures of the whole suite; starts the servers and Django before any test module is imported.

The suite runs on the embedded servers, or on those that DATABASE_URL and REDIS_URL name. pytest-django would read the
settings as early as they are configured; they are named here, after the servers have started, and not in
pyproject.toml. Each xdist worker has its own database (from pytest-django) and its own Valkey prefix.
"""

import atexit
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from discipline.ops.local import embedded
from streams.detect.api import Detector
from streams.detect.model_files import prepare
from streams.detect.registry import load_detector
from streams.simulator.footage import ensure_footage
from streams.simulator.simulator import Simulator
from tests.support.database import flush_fast, migrated_template
from tests.support.hashing import hash_fast
from tests.support.order import start_of
from tests.support.paths import CLIPS, ROOT, WHOLE_CHROMIUMS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling


embedded.ensure_servers()
# One role for all: the suite creates databases and empties tables.
os.environ["DATABASE_URL"] = os.environ.pop("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
os.environ["REDIS_PREFIX"] = f"sidak-test-{os.environ.get('PYTEST_XDIST_WORKER', os.getpid())}"
os.environ["STATIC_MANIFEST"] = "0"
os.environ["CAMERA_NETWORKS"] = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"  # simulated ones
os.environ["DEMO"] = "1"  # no program of a test asks whether it is fit for production
os.environ["OPENPYXL_LXML"] = "False"  # only the tests have lxml, with which openpyxl reports a full disk otherwise
os.environ["IDLE_IN_TRANSACTION_S"] = "0"  # no limit: a test's transaction may wait for a model to load
for folder in ("EVIDENCE_DIR", "RECORDING_DIR", "ATTACHMENT_DIR", "REPORT_DIR", "HEADS_DIR", "HLS_FOLDER"):
    os.environ[folder] = tempfile.mkdtemp(prefix="sidak-test-")
    atexit.register(shutil.rmtree, os.environ[folder], ignore_errors=True)
# Playwright's synchronous API runs an event loop in the test's thread; the ORM is still called synchronously there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()  # here, so that a folder's conftest may import models
hash_fast()
flush_fast()
# On a busy machine a slow test is no fault of the test.
hypothesis.register_profile("sidak", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("sidak")


# What another Python or another server hardly changes, and takes long: what NumPy, OpenCV and OpenVINO compute of
# pictures, tools that are no part of the product, rules about the source, and second walks through all addresses.
ONCE = (
    "tests/streams/pixels/",
    "tests/streams/looks/",
    "tests/streams/simulator/",
    "tests/discipline/tools/",
    "tests/discipline/staffing/test_rule_properties.py",
    "tests/upgrade/",
    "tests/whole_way/test_incident_processes.py",
    "tests/test_access_admin.py",
    "tests/test_access_lines.py",
    "tests/test_house.py",
    "tests/test_templates.py",
    "tests/test_translations.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --share."""
    parser.addoption("--share", metavar="K/N", help="run only share K (0 to N - 1) of N, to which the files are dealt")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the files; skip tests whose browser or footage is missing.

    REQUIRE_BROWSER=1 and REQUIRE_CLIPS=1 make them fail instead. Mark those of ONCE; leave out other shares than
    --share.
    """
    missing = {}
    if not find_chromium() and os.environ.get("REQUIRE_BROWSER") != "1":
        missing["browser"] = "no Chromium found"
    if not (CLIPS / "labels.json").is_file() and os.environ.get("REQUIRE_CLIPS") != "1":
        missing["clips"] = f"no labelled footage in {CLIPS}"
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.path.relative_to(ROOT).as_posix().startswith(ONCE):
            item.add_marker(pytest.mark.once)
    if share := config.getoption("share"):
        own, shares = (int(number) for number in share.split("/"))
        others = {item for item in items if zlib.crc32(item.path.relative_to(ROOT).as_posix().encode()) % shares != own}
        config.hook.pytest_deselected(items=list(others))
        items[:] = [item for item in items if item not in others]
    items.sort(key=lambda item: start_of(item.path.relative_to(ROOT).as_posix()))


def pytest_xdist_setupnodes() -> None:
    """Remove DJANGO_SETTINGS_MODULE from the environment that the workers inherit.

    With it they would read the settings before this file runs, and all share the first process's folders and Valkey
    prefix. Celery's app sets it, too, once Django is set up.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_xdist_auto_num_workers() -> int:
    """Start five workers per two cores; some of them mostly wait, see tests/support/scheduler.py.

    With three per core, processes that a test starts and waits for came too late.
    """
    return 5 * (os.cpu_count() or 1) // 2


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling | None":
    """Distribute the files by tests/support/scheduler.py, for --dist loadfile."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.support.scheduler import WaitingApart  # noqa: PLC0415 only the controller needs it

    return WaitingApart(config, log)


@pytest.fixture(autouse=True)
def indonesian() -> None:
    """Activate Indonesian before each test: a request of the test before may have left its own language active."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="module")
def clean_stores() -> None:
    """Start every module with empty stores: ids that earlier modules used may occur again."""
    from tests.support.stores import empty_stores  # noqa: PLC0415 its models need the settings above

    empty_stores()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy each worker's database from the migrated template."""
    del django_db_modify_db_settings_parallel_suffix  # requested for its effect
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium; fails the test without one."""
    path = find_chromium()
    if path is None:
        pytest.fail(
            "REQUIRE_BROWSER=1, and no Chromium is found: apt-get install chromium-headless-shell, or set CHROMIUM"
        )
    return path


@pytest.fixture(scope="session")
def whole_chromium_path() -> str:
    """The path of the whole Chromium: the headless shell shows no notifications. Fails the test without one."""
    path = find_chromium(WHOLE_CHROMIUMS)
    if path is None:
        pytest.fail("REQUIRE_BROWSER=1, and no whole Chromium is found: apt-get install chromium")
    return path


@pytest.fixture(scope="module")
def chrome(chromium_path: str) -> Iterator["Browser"]:
    """A Chromium for the module's tests.

    Not for the session: Playwright keeps an event loop in this thread as long as it runs, which forbids asynchronous
    tests.
    """
    from tests.support.browsing import chromium  # noqa: PLC0415 importing Playwright takes half a second

    with chromium(chromium_path) as browser:
        yield browser


@pytest.fixture(scope="session")
def clips() -> Path:
    """The folder of labelled footage; fails the test without it."""
    if not (CLIPS / "labels.json").is_file():
        pytest.fail(f"REQUIRE_CLIPS=1, and {CLIPS} holds no labels.json: set CLIPS_DIR")
    return CLIPS


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of short films of one office in H.264, rendered once and kept."""
    return ensure_footage(ROOT / "var" / "test-footage", layouts=("hall",), scale=0.25)


@pytest.fixture(scope="session")
def footage_h265() -> Path:
    """The folder of the same films in H.265."""
    return ensure_footage(ROOT / "var" / "test-footage-h265", layouts=("hall",), scale=0.25, codec="h265")


@pytest.fixture(scope="session")
def detector() -> Iterator[Detector]:
    """The production detector with its model files, prepared as the set-up does."""
    models = Path(os.environ.get("MODELS_DIR") or ROOT / "var" / "models")
    prepare(models, models.parent / "wheels")
    with closing(load_detector("ssd_pose", models)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def codec() -> str:
    """The codec of the cameras of `city`; a module may override this fixture."""
    return "h264"


@pytest.fixture(scope="module")
def city(
    codec: str, footage: Path, footage_h265: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulator]:
    """A running simulator of 20 cameras."""
    control = tmp_path_factory.mktemp("simulator") / "control.sock"
    films = {"h264": footage, "h265": footage_h265}[codec]
    with Simulator(cameras=20, footage=films, control=control) as simulator:
        yield simulator
