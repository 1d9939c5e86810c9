"""Where the project, its footage and the stories of the tests lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIPS = Path(os.environ.get("CLIPS_DIR") or ROOT.parent / "shared" / "clips")
REPLAYS = ROOT / "tests" / "replays"
