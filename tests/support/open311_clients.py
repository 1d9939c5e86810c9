"""Two other people's clients of Open311, from packages.

`three` is of 2013 and for Python 2: it imports `itertools.ifilter`, which Python 3 calls `filter`, and takes the first
of `dict.keys()` by its number when it reads XML. It gets the former's name back and reads JSON alone. Its packages
simplejson and relaxml are not installed: requests, which Sidak itself uses, decodes by simplejson wherever it is.
"""

import itertools
import json
import sys
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest import mock

from georeport import GeoReport


def georeport_client(root: str, suffix: str) -> Any:
    """Return the client of the package georeport for this format. root: the address of the API."""
    return GeoReport(root, output_format=suffix)


def three_client(root: str, key: str) -> Any:
    """Return the client of the package three, for JSON."""
    relaxml = ModuleType("relaxml")
    relaxml.xml = None  # type: ignore[attr-defined]
    with (
        mock.patch.object(itertools, "ifilter", filter, create=True),
        mock.patch.dict(sys.modules, {"simplejson": json, "relaxml": relaxml}),
    ):
        core: Any = import_module("three.core")
    return core.Three(root, api_key=key)
