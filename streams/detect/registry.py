"""The person detectors by name: one line each. The DETECTOR setting names the one in use."""

from pathlib import Path
from typing import Protocol

from django.utils.module_loading import import_string

from streams.detect.api import Detector
from streams.detect.model_files import ModelError
from streams.detect.street_api import StreetDetector

# Name → path of its Load function. A path, so that a process imports only the runtime that it uses.
DETECTORS = {
    "ssd_pose": "streams.detect.ssd_pose.load",
}


class Load(Protocol):
    """How a detector is loaded."""

    def __call__(self, models: Path, device: str, threads: int) -> Detector:
        """Load the detector.

        models: folder of the prepared model files. device: where to run them, in the runtime's own words ("CPU",
        "GPU"). threads: of the processor, for one picture.

        Raises ModelError when a file is not as it was prepared or the device does not run it.
        """
        ...


def load_detector(name: str, models: Path, device: str = "CPU", threads: int = 1) -> Detector:
    """Load a detector by its name in DETECTORS. The caller closes it. Raises ModelError, as `Load` does."""
    if name not in DETECTORS:
        raise ModelError(f"DETECTOR names {name}, which is none of: {', '.join(sorted(DETECTORS))}.")
    load: Load = import_string(DETECTORS[name])
    return load(models, device, threads)


def load_street_detector(models: Path, device: str = "CPU", threads: int = 1) -> StreetDetector:
    """Load the detector of people and vehicles. Raises ModelError, as `Load` does."""
    load: type[StreetDetector] = import_string("streams.detect.street_ssd.StreetSsd")
    return load(models, device, threads)  # type: ignore[call-arg]
