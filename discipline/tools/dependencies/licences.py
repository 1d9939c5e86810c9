"""List the locked packages with their licences, from the metadata of the installed ones. make licences."""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path("locks/requirements.lock")
ALLOWED = {
    *("MIT", "MIT-0", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "PSF-2.0", "MPL-2.0"),
    *("LGPL-3.0-only", "OFL-1.1", "ZPL-2.1", "Zlib", "TCL", "CC0-1.0", "CC-BY-4.0"),
}
NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "New BSD": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Not installed on every Python or system, or their metadata say it in words of their own.
READ_BY_HAND = {
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "tzdata": "Apache-2.0",
    "u-msgpack-python": "MIT",
}
LONGEST = 60  # characters of a licence's name; what is longer is its text
HEAD = """# Licences of the packages

Written by `make licences` from the metadata of the installed packages. `tests/discipline/tools/test_dependencies.py`
fails when it is out of date, or when a licence is not in the list of `discipline/tools/dependencies/licences.py`. These
are the packages that an installation gets, on some Python at least; those of tests and lint are not passed on.

| package | licence |
|---|---|
"""


def locked_names(lock: str) -> list[str]:
    """Return the names of a lock's packages."""
    return sorted(set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock, re.MULTILINE)))


def chosen(expression: str, field: str, classifiers: Iterable[str]) -> str:
    """Return a package's licence from its metadata: License-Expression, License, classifiers; "?" for none."""
    first = field.strip().split("\n")[0].strip()
    short = first if first == field.strip() and len(first) <= LONGEST else ""
    named = [one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License :: ")]
    said = expression or short or " AND ".join(NAMES.get(one, one) for one in named) or first[:LONGEST] or "?"
    return NAMES.get(said, said)


def is_allowed(licence: str) -> bool:
    """Return whether ALLOWED covers a licence: every part joined by AND of one joined by OR. No parentheses."""
    return any(all(part in ALLOWED for part in way.split(" AND ")) for way in licence.split(" OR "))


def licence_of(name: str) -> str | None:
    """Return the licence of an installed package, or what was read by hand; None if neither is there."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        data = metadata(name)
    except PackageNotFoundError:
        return None
    expression, field = ("".join(data.get_all(key) or []) for key in ("License-Expression", "License"))
    return chosen(expression, field, data.get_all("Classifier") or [])


def page(licences: dict[str, str | None]) -> str:
    """Return docs/licences.md."""
    return HEAD + "".join(f"| {name} | {licence or '?'} |\n" for name, licence in licences.items())


if __name__ == "__main__":
    sys.stdout.write(page({name: licence_of(name) for name in locked_names(LOCK.read_text())}))
