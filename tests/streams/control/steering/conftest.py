"""A camera that turns at a street point, with a real ONVIF face."""

from collections.abc import Iterator

import pytest

from discipline.staffing import ledger
from offices.hours.models import HoursPlan
from streams.control.steering.models import HomePreset
from streams.live.public.models import PublicPoint
from streams.simulator.onvif import OnvifFace
from streams.simulator.onvif_ptz import PtzHead
from tests.support.base import World
from tests.support.public_points import public_point


@pytest.fixture(autouse=True)
def loopback(own_machine_allowed: None) -> None:
    del own_machine_allowed  # requested for its effect


@pytest.fixture
def head() -> PtzHead:
    return PtzHead(presets={"1": ("Simpang", (0.0, 0.0, 0.0)), "2": ("Sungai", (0.5, 0.0, 0.5))})


@pytest.fixture
def face(head: PtzHead) -> Iterator[OnvifFace]:
    with OnvifFace(user="kotarahasia", password="sandi9", ptz=head) as running:
        yield running


@pytest.fixture
def world() -> World:
    ledger.schedule.forget()
    made = World()
    HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
    return made


@pytest.fixture
def point(world: World, face: OnvifFace) -> PublicPoint:
    del world  # first
    made = public_point(url="rtsp://127.0.0.1:554/kanal")
    assert made.camera
    HomePreset.objects.create(camera=made.camera, token="1", name="Simpang", idle_s=30, onvif_port=face.port)
    return made
