"""The list of a camera's presets as its page shows it: with pictures, and with those that the camera has lost."""

from collections.abc import Collection, Sequence
from typing import Any

from django.urls import reverse

from streams.cameras.models import Camera
from streams.control.steering.models import HomePreset, PresetPicture, TourStop
from streams.control.steering.ptz import PtzPreset


def preset_rows(camera: Camera, listed: Sequence[PtzPreset] | None, gone: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return [{"token", "name", "gone", "picture", "taken_at"}] for the browser.

    listed: what the camera has said that it has, None where it doesn't say; gone: the presets that it has refused
    since. Home and stops of the tour that it hasn't are at the end. picture: an address, "" for none; taken_at: ISO.
    """
    pictures = {
        token: (reverse("camera-preset-picture", args=[camera.pk, pk]), at.isoformat())
        for pk, token, at in PresetPicture.objects.filter(camera=camera).values_list("pk", "token", "taken_at")
    }
    names = {one.token: one.name for one in listed or ()}
    lost = dict(TourStop.objects.filter(camera=camera).values_list("token", "name"))
    lost |= dict(HomePreset.objects.filter(camera=camera).values_list("token", "name"))
    return [
        {
            "token": token,
            "name": name,
            "gone": (listed is not None and token not in names) or token in gone,
            "picture": pictures.get(token, ("", ""))[0],
            "taken_at": pictures.get(token, ("", ""))[1],
        }
        for token, name in (names | {token: name for token, name in lost.items() if token not in names}).items()
    ]
