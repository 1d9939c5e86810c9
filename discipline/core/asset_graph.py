"""The shell: the styles, modules and drawings that a phone keeps so that Sidak opens without a network."""

import hashlib
import posixpath
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

WORKER = "js/core/worker.js"  # loaded by /sw.js, never by a page
FOLDERS = {"css": ".css", "js": ".js", "icons": ".svg"}
# A header: the moment that a page describes. The service worker keeps such a page for when there is no network.
KEEP = "Sidak-Keep"
DRAWN_FOR = ("icons/sidak-192.png", "icons/badge-96.png")  # on notifications
IMPORTED = re.compile(r'\b(?:from|import) "(\.\.?/[\w/-]+\.js)"')


def _own(name: str) -> Path:
    """Where our static file lies as it was written, hashed names or not."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"No static file {name}")
    return Path(found)


@cache
def shell_files() -> tuple[str, ...]:
    """Names under static/, sorted; pages need no other file of ours but pictures."""
    named = {
        path.relative_to(settings.BASE_DIR / "static").as_posix()
        for folder, ending in FOLDERS.items()
        for path in (settings.BASE_DIR / "static" / folder).rglob(f"*{ending}")
    }
    return tuple(sorted((named | set(DRAWN_FOR)) - {WORKER}))


@cache
def imported_modules(name: str) -> tuple[str, ...]:
    """Return the names of all modules that a module imports, and they in turn, nearest first."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        importer = waiting.pop(0)
        for relative in IMPORTED.findall(_own(importer).read_text()):
            module = posixpath.normpath(posixpath.join(posixpath.dirname(importer), relative))
            if module not in found:
                found.append(module)
                waiting.append(module)
    return tuple(found)


@cache
def shell_release() -> str:
    """Another one as soon as any file of the shell, the worker or the pages round it differs."""
    whole = hashlib.sha256()
    templates = settings.BASE_DIR / "templates"
    pages = sorted([*templates.glob("*.html"), *templates.glob("parts/*.html")])
    for path in [*(_own(name) for name in (*shell_files(), WORKER)), *pages]:
        whole.update(f"{path.name}\0".encode() + path.read_bytes())
    return whole.hexdigest()[:16]
