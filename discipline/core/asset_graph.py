"""The shell: style sheets, JavaScript modules and icons that the service worker caches for offline use."""

import hashlib
import posixpath
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

WORKER = "js/core/worker.js"  # loaded by /sw.js, never by a page
FOLDERS = {"css": ".css", "js": ".js", "icons": ".svg"}
# Response header with the time that a page describes. The service worker caches such pages for offline use.
KEEP = "Sidak-Keep"
DRAWN_FOR = ("icons/sidak-192.png", "icons/badge-96.png")  # icons of notifications
IMPORTED = re.compile(r'\b(?:from|import) "(\.\.?/[\w/-]+\.js)"')
LOADED_LATER = re.compile(r'\bimport\("(\.\.?/[\w/-]+\.js)"\)')  # when somebody opens what needs it; not preloaded


def _own(name: str) -> Path:
    """Return the path of a static file's source, also when STORAGES serves hashed names. Raises FileNotFoundError."""
    source = finders.find(name)
    if not source:
        raise FileNotFoundError(f"No static file {name}")
    return Path(source)


@cache
def shell_files() -> tuple[str, ...]:
    """Return the shell's names under static/, sorted. Apart from pictures, pages need no other static file of ours."""
    named = {
        path.relative_to(settings.BASE_DIR / "static").as_posix()
        for folder, ending in FOLDERS.items()
        for path in (settings.BASE_DIR / "static" / folder).rglob(f"*{ending}")
    }
    return tuple(sorted((named | set(DRAWN_FOR)) - {WORKER}))


@cache
def imported_modules(name: str) -> tuple[str, ...]:
    """Return the names under static/ of all modules that `name` imports, directly or indirectly, nearest first.

    Raises FileNotFoundError for an import that does not exist.
    """
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
    """Return 16 hex digits that change with any file of the shell, the service worker or a base template."""
    digest = hashlib.sha256()
    templates = settings.BASE_DIR / "templates"
    pages = sorted([*templates.glob("*.html"), *templates.glob("parts/*.html")])
    for path in [*(_own(name) for name in (*shell_files(), WORKER)), *pages]:
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
