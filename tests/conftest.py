"""The suite runs on the embedded servers, or on those that DATABASE_URL and REDIS_URL name.

pytest-django reads the settings as early as it knows them, so they are named here, after the servers are up, and
not in pyproject.toml. Each xdist worker has a database (by pytest-django) and a Valkey prefix of its own.
"""

import atexit
import os
import shutil
import tempfile
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
from tests.support.database import migrated_template
from tests.support.hashing import hash_fast
from tests.support.order import start_of
from tests.support.paths import CLIPS, ROOT, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


embedded.ensure_servers()
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
os.environ["REDIS_PREFIX"] = f"sidak-test-{os.environ.get('PYTEST_XDIST_WORKER', os.getpid())}"
os.environ["STATIC_MANIFEST"] = "0"
os.environ["IDLE_IN_TRANSACTION_S"] = "0"  # none: a test's transaction may wait for a model to load
for folder in ("EVIDENCE_DIR", "ATTACHMENT_DIR", "REPORT_DIR"):
    os.environ[folder] = tempfile.mkdtemp(prefix="sidak-test-")
    atexit.register(shutil.rmtree, os.environ[folder], ignore_errors=True)
# Playwright's synchronous API runs a loop in the test's thread; the ORM there is still called in plain order.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()  # here, so that a folder's conftest may import models
hash_fast()
# On a busy machine slow says nothing of a test.
hypothesis.register_profile("sidak", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("sidak")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; skip what the machine lacks, unless REQUIRE_BROWSER or REQUIRE_CLIPS is set."""
    missing = {}
    if not find_chromium() and os.environ.get("REQUIRE_BROWSER") != "1":
        missing["browser"] = "no Chromium found"
    if not (CLIPS / "labels.json").is_file() and os.environ.get("REQUIRE_CLIPS") != "1":
        missing["clips"] = f"no labelled footage in {CLIPS}"
    for item in items:
        for marker, why in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=why))
    items.sort(key=lambda item: start_of(item.path.relative_to(ROOT).as_posix()))


def pytest_xdist_setupnodes() -> None:
    """The workers inherit the environment: with this name in it they would read the settings before this file runs,
    and all share the first process's folders and Valkey prefix. Celery's app names it, too, once Django is set up."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_xdist_auto_num_workers() -> int:
    """Two a core: most of the suite's minutes are spent waiting for cameras, graces and browsers."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(autouse=True)
def indonesian() -> None:
    """Start every test in Indonesian: a request of the test before may have left its own language active."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="module")
def clean_stores() -> None:
    """Start every module with empty stores: ids that earlier modules used may come again."""
    from tests.support.stores import empty_stores  # noqa: PLC0415 its models need the settings that are named above

    empty_stores()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy each worker's database from one that has been migrated."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_chromium()
    if path is None:
        pytest.fail("REQUIRE_BROWSER=1, and no Chromium is found: apt-get install chromium, or set CHROMIUM")
    return path


@pytest.fixture(scope="module")
def chrome(chromium_path: str) -> Iterator["Browser"]:
    """A Chromium for the module's tests.

    Not for the session: the loop that Playwright keeps in this thread until then forbids asynchronous tests.
    """
    from tests.support.browsing import chromium  # noqa: PLC0415 Playwright takes half a second that most can do without

    with chromium(chromium_path) as browser:
        yield browser


@pytest.fixture(scope="session")
def clips() -> Path:
    """The folder of labelled footage."""
    if not (CLIPS / "labels.json").is_file():
        pytest.fail(f"REQUIRE_CLIPS=1, and {CLIPS} holds no labels.json: set CLIPS_DIR")
    return CLIPS


@pytest.fixture(scope="session")
def footage() -> Path:
    """Short films of one office, rendered once and kept."""
    return ensure_footage(ROOT / "var" / "test-footage", layouts=("hall",), scale=0.25)


@pytest.fixture(scope="session")
def footage_h265() -> Path:
    """The same films in H.265."""
    return ensure_footage(ROOT / "var" / "test-footage-h265", layouts=("hall",), scale=0.25, codec="h265")


@pytest.fixture(scope="session")
def detector() -> Iterator[Detector]:
    """The real models, as set-up prepares them."""
    models = Path(os.environ.get("MODELS_DIR") or ROOT / "var" / "models")
    prepare(models, models.parent / "wheels")
    with closing(load_detector("ssd_pose", models)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def codec() -> str:
    """Of the cameras of `city`; a module may have a fixture of its own in place of this one."""
    return "h264"


@pytest.fixture(scope="module")
def city(
    codec: str, footage: Path, footage_h265: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulator]:
    control = tmp_path_factory.mktemp("simulator") / "control.sock"
    films = {"h264": footage, "h265": footage_h265}[codec]
    with Simulator(cameras=20, footage=films, control=control) as simulator:
        yield simulator
