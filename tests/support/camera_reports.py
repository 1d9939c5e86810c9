"""What watch processes report of themselves and of their cameras, as tests need it."""

from datetime import UTC, datetime
from typing import Any

from discipline.ops import health
from streams.cameras.models import Camera, Watcher
from streams.servers import valkey
from streams.source import newest_picture

KEY = f"{valkey.PREFIX}:health"


def forget_reports() -> None:
    """Remove the cameras' reports, and the answer of /healthz that is kept."""
    valkey.client().delete(KEY)
    health.shared.forget()


def watching(**changes: Any) -> Watcher:
    """Store a watch process that is alive."""
    values = {
        "name": "satu",
        "started_at": datetime.now(UTC),
        "seen_at": datetime.now(UTC),
        "cameras": 1,
        "looks_per_minute": 12.0,
    }
    return Watcher.objects.create(**values | changes)


def report(camera: Camera, **changes: Any) -> None:
    """Report a camera that is well."""
    values = {
        "state": "online",
        "reason": "",
        "problem": "",
        "picture_at": datetime.now(UTC).isoformat(),
        "fps": 15.0,
        "gop": 30,
        "gop_s": 2.0,
        "codec": "h264",
        "width": 640,
        "height": 360,
        "reconnects": 4,
        "dropped": 7,
        "holder": "satu",
        "at": datetime.now(UTC).isoformat(),
        "warnings": [],
    }
    newest_picture.store_health({camera.pk: values | changes})


def camera_of(office: Any, name: str = "Pintu", **changes: Any) -> Camera:
    """Store a camera of this office."""
    return Camera.objects.create(kelurahan=office, name=name, url=f"rtsp://10.0.0.5/{name}", **changes)
