"""What the socket sends about who steers a camera."""

from datetime import datetime
from typing import Any

from streams.cameras.models import Camera
from streams.control.steering.leases import holder_of
from streams.control.steering.models import CameraAway, HomePreset
from streams.control.steering.priority_rule import may_set_home, may_take_over


def steering_state(camera: Camera, lease: int | None, priority: int, now: datetime) -> dict[str, Any]:
    """Return the message {"type": "state"} of consumers.py for somebody with this lease (id) and priority."""
    held = holder_of(camera.pk)
    if held and held.expires_at <= now:
        held = None
    mine = held is not None and held.pk == lease
    home = HomePreset.objects.filter(camera=camera).first()
    return {
        "type": "state",
        "mine": mine,
        "holder": "" if held is None or mine else held.holder.get_full_name() or held.holder.get_username(),
        "take_over": held is not None and not mine and may_take_over(priority, held.priority),
        "away": CameraAway.objects.filter(camera=camera, back_at=None).exists(),
        "home": {"token": home.token, "name": home.name, "idle_s": home.idle_s} if home else None,
        "sets_home": may_set_home(priority),
    }
