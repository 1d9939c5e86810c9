"""A row for every address that names one, for tests of all addresses: by the words of access_table.py."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from discipline.alerts.models import Decision
from discipline.api.webhooks import queue as webhook_queue
from discipline.complaints.mailing import links
from discipline.complaints.mailing.links import LinkKind
from discipline.core import attachments
from discipline.disclosure.footage.models import FootageCopy, FootagePicture
from discipline.evidence import legal_holds
from discipline.evidence.recordings import exporting
from discipline.evidence.recordings.models import RecordingExport
from discipline.incidents.calls.models import CallOutcome
from discipline.incidents.calls.taking import record_nothing
from discipline.incidents.case_file import files
from discipline.incidents.case_file.models import CaseFile, CasePart
from discipline.incidents.tasks import changes as task_changes
from discipline.incidents.tasks.models import Task
from discipline.notices.models import Device
from discipline.reports.files.models import ReportFile
from discipline.reports.mail import subscriptions
from discipline.reports.mail.kinds import MailKind
from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.models import Finding, SpotPicture
from offices.access.models import Membership
from offices.hours.models import Closure, ClosureRequest, HolidayOverride, HoursPlan
from offices.places.models import Agency
from offices.points.models import Point, Purpose
from streams.cameras.models import Camera
from streams.control.steering.models import PresetPicture
from streams.evidence.models import Evidence
from streams.evidence.recording import holding
from streams.evidence.recording.models import RecordedMinute, RecordingHold
from streams.looks.streets.models import HintClip, StreetHint
from tests.support import access_expected, access_rows
from tests.support.access_rows import OFFICE
from tests.support.api_clients import System
from tests.support.base import MORNING, World, member
from tests.support.case_files import a_case
from tests.support.complaints import a_block, a_complaint, a_photo
from tests.support.conduct import drawn_at, filmed_clip
from tests.support.incidents import a_daily_report, a_room_visit, an_incident, handed_over
from tests.support.months import month_with_an_absence, sign_last_month
from tests.support.places import flood_scene, street_point
from tests.support.proof import store_still
from tests.support.public_points import public_point
from tests.support.recordings import record_minute
from tests.support.rounds import Round, shown


def user_of(world: World, role: str) -> User | None:
    """Return the user of one of access_rows.ROLES or LIKE, created if need be; None for anonymous."""
    if role == "anonymous":
        return None
    if role == access_rows.AGENCY:
        agency, _ = Agency.objects.get_or_create(code="dishub", defaults={"name": "Dinas Perhubungan"})
        return User.objects.filter(username="gita").first() or member("gita", Membership.Role.AGENCY, agency=agency)
    if role not in access_expected.LIKE:
        user: User = getattr(world, role)
        return user
    user, created = User.objects.get_or_create(username=role, is_staff=True, is_superuser=role == "superuser")
    if created and role == "view-only staff":
        user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


def things_of(world: World) -> dict[str, str]:
    """Create the rows that access_table.TABLE describes in words, and return their keys for addresses."""
    original = store_still(world.counter(world.ilir35))
    other = world.accuse(world.counter(world.ilir35, 2))
    accused = world.accuse(world.counter(world.ilir35))
    letter = attachments.store_attachment(SimpleUploadedFile("surat.pdf", b"%PDF-1.4\n%%EOF\n"))
    fields = {"at": MORNING, "by": world.dewi, "role": "lurah", "what": "explained", "attachment": letter}
    Decision.objects.create(alert=accused, **fields)
    device = Device.objects.create(user=world.dewi, endpoint="https://push.example.com/1", created_at=MORNING)
    round_ = Round(world.walikota, world.ilir35)
    round_.mark(1, "conduct")
    round_.snapshot(1, world.cameras[world.ilir35.pk].pk)
    check = round_.finish()
    system = System(world, city=True).client
    hook, _secret = webhook_queue.add_webhook(system, "https://127.0.0.1/", world.ani.pk, MORNING)
    closing = {"starts_at": MORNING, "ends_at": MORNING + timedelta(hours=2), "reason": "Apel"}
    asked = {"kind": "apel", "asked_by": world.dewi, "asked_at": MORNING}
    month_with_an_absence(world)
    seen = footage_picture(world, original)
    Point.objects.create(place=street_point(access_rows.POINT), purposes=[Purpose.FLOOD])
    public = public_point("T-900")
    assert public.camera
    hint = StreetHint.objects.create(
        camera=public.camera, kind="congestion", level="macet", started_at=MORNING, jpeg=b"jpeg"
    )
    flood_scene()
    task = access_incident(world)
    minute = record_minute(hint.camera, MORNING)
    HintClip.objects.create(hint=hint, mp4=b"mp4", began_at=MORNING)
    sent = a_complaint(world, published=True)
    case = access_case(world, task)
    visit = a_room_visit(world)
    return {
        access_rows.CASE: str(case.pk),
        access_rows.ARTICLE: str(case.article_id),
        access_rows.CASE_PART: str(case.parts.get().pk),
        access_rows.CLIP: str(filmed_clip(drawn_at(world.ilir35, world.intan), MORNING).uuid),
        access_rows.CITY_INCIDENT: str(task.incident_id),
        access_rows.TASK: str(task.pk),
        access_rows.RECORDED: str(minute.pk),
        access_rows.RECORDED_AT: str(round(MORNING.timestamp()) + 1),
        access_rows.EXPORTED: str(recording_export(world, minute).pk),
        access_rows.RECORDING_HOLD: str(recording_hold(world, minute).pk),
        access_rows.COMPLAINT: str(sent.pk),
        access_rows.PHOTO: str(sent.photos.create(key=sent.key, **a_photo()).pk),
        access_rows.BLOCK: str(a_block(sent, world).pk),
        access_rows.OWN: links.token(LinkKind.OWN, sent.pk),
        access_rows.LINK: links.token(LinkKind.CONFIRM, sent.pk),
        access_rows.CALL: str(record_nothing(CallOutcome.PRANK, world.ani, MORNING).pk),
        access_rows.HANDOVER: str(handed_over(world.ani).pk),
        access_rows.DAILY: str(a_daily_report().pk),
        access_rows.PASS: str(visit.room_pass_id),
        access_rows.VISIT: str(visit.pk),
        access_rows.FOOTAGE: str(seen.copy_id),
        access_rows.SEEN: str(seen.pk),
        access_rows.SYSTEM: str(system.pk),
        access_rows.HOOK: str(hook.pk),
        access_rows.MONTH: sign_last_month(world).key,
        access_rows.CHECK: str(check.pk),
        access_rows.PLAN: str(HoursPlan.objects.get().pk),
        access_rows.SPECIAL: str(HolidayOverride.objects.create(day=MORNING.date(), name="Libur").pk),
        access_rows.CLOSURE: str(Closure.objects.create(kelurahan=world.ilir35, **closing).pk),
        access_rows.ASKED: str(ClosureRequest.objects.create(kelurahan=world.ilir35, **closing, **asked).pk),
        access_rows.HALF: str(Round(world.walikota, world.ilir35).check.pk),
        access_rows.FINDING: str(Finding.objects.get().pk),
        access_rows.SNAPSHOT: str(shown(SpotPicture.objects.get()).pk),
        access_rows.STOP: subscriptions.stop_token(world.budi.pk, MailKind.DAY),
        access_rows.LURAH: str(world.dewi.pk),
        access_rows.PUBLIC: public.place.point_code,
        access_rows.HINT: str(hint.pk),
        access_rows.POINT_CAMERA: str(hint.camera_id),
        access_rows.SHARED: spotcheck_result.share_token(check),
        access_rows.HOLD: str(legal_holds.hold_indication(other, "Perkara nomor 12", world.intan.pk, MORNING).pk),
        access_rows.ORIGINAL: str(original.pk),
        access_rows.CAMERA: str(world.cameras[world.ilir35.pk].pk),
        access_rows.PRESET: str(preset_picture(world).pk),
        access_rows.INDICATION: str(accused.pk),
        access_rows.ATTACHMENT: str(letter.pk),
        access_rows.DEVICE: str(device.pk),
        access_rows.FILE: str(report_file(world).pk),
        access_rows.EVIDENCE: str(store_still(world.counter(world.ilir35), form=Evidence.Form.DRAWN, of=original).pk),
    }


def access_incident(world: World) -> Task:
    """Open an incident about which the lurah of 35 Ilir and Dishub are asked; return the task of 35 Ilir."""
    opened = an_incident(world)
    task_changes.ask(opened, Agency.objects.get(code="dishub"), "Atur lalu lintas", world.ani, MORNING)
    return task_changes.ask(opened, world.ilir35, "Periksa ke lapangan", world.ani, MORNING)


def access_case(world: World, task: Task) -> CaseFile:
    """Open a case of the task's incident for Dishub, without a recording, and with a paper."""
    dishub, somebody = Agency.objects.get(code="dishub"), user_of(world, access_rows.AGENCY)
    assert isinstance(somebody, User)
    case = a_case(task.incident, dishub, somebody, None)
    files.keep_data(case, CasePart.Kind.PAPER, "berita-acara.pdf", b"%PDF-1.4", MORNING)
    return case


def preset_picture(world: World) -> PresetPicture:
    """Store the picture of a preset of an office's camera."""
    camera = world.cameras[world.ilir35.pk]
    return PresetPicture.objects.create(camera=camera, token="1", jpeg=b"jpeg", taken_at=MORNING)


def footage_picture(world: World, original: Evidence) -> FootagePicture:
    """Store the inspectorate's request for a copy of the original, in which one head was found and chosen."""
    hours = {"since": MORNING - timedelta(hours=1), "until": MORNING + timedelta(hours=1)}
    reason = "Surat permohonan nomor 7"
    copy = FootageCopy.objects.create(
        by=world.intan, counter=world.counter(world.ilir35), reason=reason, asked_at=timezone.now(), **hours
    )
    marks = [[0.1, 0.1, 0.2, 0.3, [1]]]
    return FootagePicture.objects.create(
        copy=copy, original=original, marks=marks, chosen=[1], decided=True, again_at=MORNING
    )


def recording_export(world: World, minute: RecordedMinute) -> RecordingExport:
    """Export the minute at the inspectorate's request."""
    camera = Camera.objects.get(pk=minute.camera_id)
    asked = {"requester": "Satpol PP", "letter": "300/12/2026", "reason": "Pemeriksaan nomor 7"}
    row = RecordingExport(camera=camera, since=minute.plays_from, until=minute.plays_until, by=world.intan, **asked)
    exporting.request_export(row, MORNING)
    exporting.make_waiting()
    row.refresh_from_db()
    return row


def recording_hold(world: World, minute: RecordedMinute) -> RecordingHold:
    """Hold the minute at the inspectorate's request."""
    span = minute.starts_at, minute.ends_at
    return holding.hold(Camera(pk=minute.camera_id), *span, "Pemeriksaan nomor 7", world.intan.pk)


def report_file(world: World) -> ReportFile:
    """Store a made report of Dewi's, and its file."""
    (Path(settings.REPORT_DIR) / "access.csv").write_text("day\n")
    values = {"place": OFFICE, "period": "2026-10", "format": "csv", "table": "hari", "language": "id"}
    return ReportFile.objects.create(
        **values,
        by=world.dewi,
        state=ReportFile.State.DONE,
        asked_at=MORNING,
        ended_at=MORNING,
        path="access.csv",
        sha256="0" * 64,
    )
