"""An agency that enforces a bylaw, and a case file of a breach that a camera recorded."""

import itertools
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import av
from django.contrib.auth.models import User

from discipline.incidents.case_file import changes
from discipline.incidents.case_file.changes import NewCase
from discipline.incidents.case_file.models import BylawArticle, CaseFile
from discipline.incidents.models import Incident
from discipline.incidents.tasks import changes as task_changes
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.models import Camera
from streams.source.ring import Packet
from tests.support.base import MORNING, World, member
from tests.support.filming import FPS
from tests.support.incidents import an_incident
from tests.support.paths import CLIPS
from tests.support.recordings import record_minute

SIZE = (640, 360)
SKIPPED = 60  # pictures at the clip's beginning, which show nobody
REASON = "Pembuangan sampah di tepi sungai"


def enforcer(code: str = "satpolpp") -> Agency:
    """Return the agency with this code."""
    return Agency.objects.get_or_create(code=code, defaults={"name": "Satuan Polisi Pamong Praja"})[0]


def an_article(incident: Incident, agency: Agency) -> BylawArticle:
    """Return an article that incidents of this kind breach, in force for a year before them."""
    day = MORNING.date()
    article = BylawArticle.objects.create(
        bylaw="Perda Uji Nomor 1 Tahun 2020",
        article="Pasal 7",
        text="Setiap orang dilarang membuang sampah ke sungai.",
        enforcer=agency.code,
        valid_from=day - timedelta(days=365),
        source="Naskah di JDIH kota",
        certainty="read",
    )
    article.kinds.add(incident.kind)
    return article


def a_breach(world: World, agency: Agency, **more: Any) -> Incident:
    """Open an incident that Ani saw, and ask the agency to go there."""
    incident = an_incident(world, title="Sampah dibuang ke sungai", **more)
    task_changes.ask(incident, agency, "Periksa siapa yang membuang", world.ani, MORNING)
    return incident


def officer(agency: Agency, name: str = "sari") -> User:
    """Create somebody of the agency."""
    return member(name, Membership.Role.AGENCY, agency=agency)


def a_case(incident: Incident, agency: Agency, by: User, camera: Camera | None, moment: datetime = MORNING) -> CaseFile:
    """Open a case of the incident by an article of its own."""
    article = an_article(incident, agency)
    return changes.open_case(NewCase(incident, agency, article, camera, moment, REASON), by, MORNING)


def record_people(camera: Camera, begins: datetime) -> None:
    """Record six seconds of somebody walking through a room, from the clips, as one minute of the camera."""
    coder: Any = av.CodecContext.create("libx264", "w")
    coder.width, coder.height = SIZE
    coder.pix_fmt, coder.framerate, coder.time_base = "yuv420p", Fraction(FPS), Fraction(1, 90_000)
    coder.gop_size, coder.options = 2 * FPS, {"preset": "ultrafast"}
    packets: list[Any] = []
    with av.open(str(CLIPS / "one-by-one-person-detection.mp4")) as source:
        for number, frame in enumerate(itertools.islice(source.decode(video=0), SKIPPED, SKIPPED + 6 * FPS)):
            picture = frame.reformat(*SIZE, "yuv420p")
            picture.pts, picture.time_base, picture.pict_type = number * 6000, coder.time_base, 0
            packets += coder.encode(picture)
    packets += coder.encode(None)
    sent = [Packet(bytes(one), one.pts, one.dts, bool(one.is_keyframe)) for one in packets]
    record_minute(camera, begins, packets=sent)
