"""A resident's report, as a resident sends it."""

import base64
import json
from typing import Any
from uuid import uuid4

import altcha
from django.utils import timezone

from discipline.complaints import filing, steps
from discipline.complaints.blocks import keeping
from discipline.complaints.blocks.block_rule import BlockKind
from discipline.complaints.blocks.keeping import BlockWanted
from discipline.complaints.blocks.models import ComplaintBlock
from discipline.complaints.filing import NewComplaint
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.proof.field import new_challenge
from discipline.complaints.state_rule import ComplaintState
from discipline.complaints.steps import ComplaintStepWanted
from offices.places.models import Place
from tests.support.base import MORNING, World


def complaint_kind(code: str) -> ComplaintKind:
    """Return a kind that a migration added."""
    return ComplaintKind.objects.get(code=code)


def new_complaint(world: World, kind: str = "counter", **more: Any) -> NewComplaint:
    """Return a report about the counters of 35 Ilir on Monday at 09.00 WIB; `more` are fields of NewComplaint."""
    place = Place.objects.loaded().get(kelurahan=world.ilir35)
    known: dict[str, Any] = {
        "key": uuid4(),
        "kind": complaint_kind(kind),
        "place": place,
        "latitude": -3.0,
        "longitude": 104.7,
        "text": "Loket kosong pukul sembilan, saya menunggu lama",
        "language": "id",
        "happened_at": MORNING,
    }
    return NewComplaint(**(known | more))


def a_complaint(world: World, kind: str = "counter", *, published: bool = False, **more: Any) -> Complaint:
    """Send a report and return it, open; `published`: verified by Ani, and read by the public."""
    complaint = filing.file_complaint(new_complaint(world, kind, **more), MORNING).complaint
    if complaint.status is ComplaintState.UNCONFIRMED:
        steps.confirm(complaint, MORNING)
    if published:
        move(complaint, ComplaintState.VERIFIED, world)
        steps.publish(complaint, "Loket kosong pukul sembilan", world.ani, MORNING)
    complaint.refresh_from_db()
    return complaint


def a_block(complaint: Complaint, world: World) -> ComplaintBlock:
    """Let Ani block a phrase from the report for a week."""
    return keeping.block(
        complaint, BlockWanted(BlockKind.PHRASE, 7, "Iklan", "pinjaman kilat"), world.ani, timezone.now()
    )


def solution(challenge: dict[str, Any]) -> str:
    """Return what a browser sends for a challenge, as its address sends them."""
    most = challenge.pop("most")
    found = altcha.solve_challenge(challenge["challenge"], challenge["salt"], challenge["algorithm"], most)
    assert found
    return base64.b64encode(json.dumps(challenge | {"number": found.number}).encode()).decode()


def solved() -> str:
    """Return the solution of a new challenge, of an easy one."""
    new = new_challenge(20)
    names = ("challenge", "salt", "algorithm", "signature")
    return solution({name: getattr(new, name) for name in names} | {"most": new.max_number})


def a_photo() -> dict[str, Any]:
    """Return fields of a photo that the public may see."""
    return {"jpeg": b"jpeg", "hidden": b"jpeg", "public": True, "created_at": MORNING, "again_at": MORNING}


def move(complaint: Complaint, state: ComplaintState, world: World, **more: Any) -> None:
    """Let Ani set the state. `more` are fields of ComplaintStepWanted."""
    newest = complaint.steps.order_by("-pk").values_list("pk", flat=True)[0]
    by, at = more.pop("by", world.ani), more.pop("at", MORNING)
    steps.take_complaint_step(complaint, ComplaintStepWanted(state, newest, **more), by, at)
