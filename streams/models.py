"""All models of the app: cameras, what they show, and who viewed them."""

from streams.cameras.models import Camera, OccupancySpan, Watcher, Zone, rtsp_address
from streams.cameras.troubles.models import CameraDay, CameraNote, CameraTrouble
from streams.control.steering.models import (
    CameraAway,
    HomePreset,
    SteeringLease,
    SteeringLog,
)
from streams.evidence.models import REASON, Evidence, EvidenceHead, EvidenceOpening, Showing, gives_reason
from streams.evidence.recording.models import EarlyDeletion, RecordedMinute, RecordingHold, RetentionRule
from streams.live.models import View, ViewReason
from streams.live.public.models import PublicChange, PublicClosure, PublicLimits, PublicPoint
from streams.looks.models import StaffControl
from streams.looks.streets.models import HintClip, HintRule, HintSetting, StreetHint

__all__ = [
    "REASON",
    "Camera",
    "CameraAway",
    "CameraDay",
    "CameraNote",
    "CameraTrouble",
    "EarlyDeletion",
    "Evidence",
    "EvidenceHead",
    "EvidenceOpening",
    "HintClip",
    "HintRule",
    "HintSetting",
    "HomePreset",
    "OccupancySpan",
    "PublicChange",
    "PublicClosure",
    "PublicLimits",
    "PublicPoint",
    "RecordedMinute",
    "RecordingHold",
    "RetentionRule",
    "Showing",
    "StaffControl",
    "SteeringLease",
    "SteeringLog",
    "StreetHint",
    "View",
    "ViewReason",
    "Watcher",
    "Zone",
    "gives_reason",
    "rtsp_address",
]
