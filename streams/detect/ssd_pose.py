"""The detector "ssd_pose": SSDLite on the whole picture, on the zone's crop, pose on the zone; in poor light relit."""

from pathlib import Path

from streams.detect.cascade import Cascade
from streams.detect.openvino_runtime import OpenVino
from streams.detect.person_ssd import PersonSsd, WholeFrame, ZoneCrop
from streams.detect.pose_mediapipe import ZonePose
from streams.detect.relight import Relit


def load(models: Path, device: str = "CPU", threads: int = 1) -> Relit:
    """Load the three networks, about 1 s. As `registry.Load`."""
    runtime = OpenVino(models, device, threads)
    people = PersonSsd(runtime)
    return Relit(Cascade([WholeFrame(people), ZoneCrop(people), ZonePose(runtime, people)]))
