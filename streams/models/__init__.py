"""Cameras and what they show."""

from streams.models.cameras import Camera, OccupancySpan, Watcher, Zone, rtsp_address
from streams.models.evidence import REASON, Evidence, EvidenceHead, EvidenceOpening, Showing, gives_reason

__all__ = [
    "REASON",
    "Camera",
    "Evidence",
    "EvidenceHead",
    "EvidenceOpening",
    "OccupancySpan",
    "Showing",
    "Watcher",
    "Zone",
    "gives_reason",
    "rtsp_address",
]
