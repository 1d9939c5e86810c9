"""A process without pages, as `manage.py watch` is one: it knows the addresses that it writes, and loads no views."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from discipline.ops.watch import urls
from tests.support.paths import ROOT

HEAVY = {"daphne", "twisted", "aiohttp", "requests", "reportlab", "openpyxl", "ninja", "onveef", "matplotlib"}
CODE = """
import json, sys
import django
django.setup()
import discipline.ops.watch.loop
import streams.detect.ssd_pose
print(json.dumps({name: getattr(module, "__file__", None) for name, module in sys.modules.items()}))
"""
ARGUMENTS: dict[str | None, list[Any]] = {
    "office": ["1671010001"],
    "indication": [7],
    "handover": [7],
    "complaint": [7],
}


@pytest.fixture(scope="module")
def loaded() -> dict[str, str | None]:
    environment = os.environ | {"SIDAK_PAGES": "0", "DJANGO_SETTINGS_MODULE": "discipline.settings"}
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, check=True)
    files: dict[str, str | None] = json.loads(done.stdout)
    return files


def test_libraries_of_pages_are_not_loaded(loaded: dict[str, str | None]) -> None:
    assert not HEAVY & set(loaded)
    assert not [name for name in loaded if name.startswith(("openvino.tools.ovc.", "openvino_telemetry"))]


def test_each_address_that_its_modules_write_is_known(loaded: dict[str, str | None]) -> None:
    ours = [Path(file) for name, file in loaded.items() if file and name.split(".")[0] in ("discipline", "streams")]
    names = {
        call.args[0].value
        for path in ours
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("reverse", "reverse_lazy")
        and isinstance(call.args[0], ast.Constant)
    }
    assert names
    assert names == {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize("name", [str(pattern.name) for pattern in urls.urlpatterns])
def test_they_are_those_of_the_pages(name: str) -> None:
    arguments = ARGUMENTS.get(name, [])
    assert reverse(name, urls.__name__, arguments) == reverse(name, args=arguments)
