"""Paths of the project, its labelled footage, the replay stories and Chromium."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIPS = Path(os.environ.get("CLIPS_DIR") or ROOT.parent / "shared" / "clips")
WHOLE_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUMS = ("chromium-headless-shell", *WHOLE_CHROMIUMS)
REPLAYS = ROOT / "tests" / "replays"


def find_chromium(names: Sequence[str] = CHROMIUMS) -> str | None:
    """Return the path of Debian's Chromium or of the one named by CHROMIUM, None without either.

    The headless shell takes a quarter less of the processor than the whole browser. Playwright's browsers are never
    downloaded.
    """
    configured = os.environ.get("CHROMIUM")
    installed = (shutil.which(name) for name in names)
    return configured or next((path for path in installed if path), None)
