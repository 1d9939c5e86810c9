"""What may be changed at a saved camera, the operator's consent to exactly that, and its record in the log."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing

from offices.access.gate import User
from streams.cameras.addresses import device_of
from streams.cameras.models import Camera
from streams.control import devices, proposal
from streams.control.device import DeviceLogin, DeviceReport, GopChange
from streams.control.devices import WriteOutcome

SALT = "streams.setup.device_plans"
CONSENT_S = 900  # a page left open longer may show an outdated camera
WRITTEN, UNDONE = "device written ", "device undone "  # LogEntry.change_message begins so; DeviceRecord as JSON follows


class ConsentError(ValueError):
    """The consent is forged, outdated, or for another camera or login."""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """What is to be written. port: where the camera answers; clock: to be set; sub_url: to be entered in Sidak."""

    port: int
    gops: list[GopChange] = field(default_factory=list)
    clock: bool = False
    sub_url: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the camera needs nothing."""
        return not (self.gops or self.clock or self.sub_url)


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """What was written, as the log keeps it. gops: with the former values; device: of Camera.url at that time."""

    device: str
    port: int
    gops: list[GopChange]
    clock: bool = False
    sub_url: str = ""


def plan_for(camera: Camera, report: DeviceReport) -> DevicePlan | None:
    """Return what should be changed at a camera for what it says of itself; None when its address isn't offered."""
    choice = proposal.choice_for(report, camera.url, camera.sub_url)
    if choice is None:
        return None
    small = choice.small.url if choice.small and not camera.sub_url else ""
    if small and device_of(small) != device_of(camera.url):
        small = ""
    return DevicePlan(report.port, proposal.gop_changes(choice), proposal.is_clock_off(report.clock), small)


def sign_plan(camera: Camera, plan: DevicePlan) -> str:
    """Return the plan as a signed text to pass through a page; it is valid for this camera as it is saved now."""
    return signing.dumps([camera.pk, camera.changed_at.isoformat(), asdict(plan)], salt=SALT, compress=True)


def read_signed_plan(camera: Camera, token: str) -> DevicePlan:
    """Return the plan given to sign_plan. Raises ConsentError."""
    try:
        owner, changed_at, fields = signing.loads(token, salt=SALT, max_age=CONSENT_S)
    except signing.BadSignature:
        raise ConsentError from None
    if (owner, changed_at) != (camera.pk, camera.changed_at.isoformat()):
        raise ConsentError
    return DevicePlan(**fields | {"gops": [GopChange(**one) for one in fields["gops"]]})


def apply_plan(camera: Camera, plan: DevicePlan, user: User) -> WriteOutcome:
    """Write the plan to the camera and log what was written. Raises DeviceError when nothing was."""
    outcome = _write(camera, plan.port, plan.gops, clock=plan.clock) if plan.gops or plan.clock else WriteOutcome()
    kept = ""
    if plan.sub_url:  # not saved as a whole: the address that is read stays, and so does its connection
        kept = plan.sub_url if Camera.objects.filter(pk=camera.pk, sub_url="").update(sub_url=plan.sub_url) else ""
    if outcome.sent or outcome.clock_sent or kept:
        record = DeviceRecord(device_of(camera.url), plan.port, _former(outcome), outcome.clock_sent, kept)
        _log(camera, user, WRITTEN, record)
    return outcome


def last_written(camera: Camera) -> DeviceRecord | None:
    """Return the record whose distances of keyframes can be set back: the newest, unless it is undone."""
    for entry, record in device_history(camera):
        undoable = entry.change_message.startswith(WRITTEN) and record.device == device_of(camera.url)
        return record if undoable and any(change.former != change.wanted for change in record.gops) else None
    return None


def undo_last(camera: Camera, user: User) -> WriteOutcome | None:
    """Set the last distances of keyframes back; None when there are none. Raises DeviceError when nothing was set."""
    record = last_written(camera)
    if record is None:
        return None
    back = [
        GopChange(one.service, one.encoder, one.name, former=one.wanted, wanted=one.former)
        for one in record.gops
        if one.former and one.former != one.wanted
    ]
    outcome = _write(camera, record.port, back, clock=False)
    if outcome.sent:
        _log(camera, user, UNDONE, DeviceRecord(record.device, record.port, _former(outcome)))
    return outcome


def device_history(camera: Camera, most: int = 5) -> Iterator[tuple[LogEntry, DeviceRecord]]:
    """Yield the newest records of the camera with their log entries."""
    kind = ContentType.objects.get_for_model(Camera)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(camera.pk), change_message__startswith="device ")
    for entry in entries.select_related("user")[:most]:
        fields: dict[str, Any] = json.loads(entry.change_message.split(" ", 2)[2])
        yield entry, DeviceRecord(**fields | {"gops": [GopChange(**one) for one in fields["gops"]]})


def host_of(url: str) -> str:
    """Return the host of an RTSP address."""
    return urlsplit(url).hostname or ""


def _write(camera: Camera, port: int, gops: list[GopChange], *, clock: bool) -> WriteOutcome:
    login = DeviceLogin(camera.username, camera.password.reveal())
    return devices.write_device(host_of(camera.url), port, login, gops, clock=clock)


def _former(outcome: WriteOutcome) -> list[GopChange]:
    """Return the changes that were sent, with the values that the camera had."""
    return [
        GopChange(change.service, change.encoder, change.name, former, change.wanted) for change, former in outcome.sent
    ]


def _log(camera: Camera, user: User, what: str, record: DeviceRecord) -> None:
    assert user.pk is not None  # an operator is signed in
    message = what + json.dumps(asdict(record), separators=(",", ":"))
    LogEntry.objects.log_actions(user.pk, [camera], CHANGE, change_message=message, single_object=True)
