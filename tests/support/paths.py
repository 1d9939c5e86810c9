"""Where the project, its footage, the stories of the tests and Chromium lie."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIPS = Path(os.environ.get("CLIPS_DIR") or ROOT.parent / "shared" / "clips")
REPLAYS = ROOT / "tests" / "replays"


def find_chromium() -> str | None:
    """Return Debian's Chromium, or the one that CHROMIUM names; Playwright's browsers are never downloaded."""
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)
