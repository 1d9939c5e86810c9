"""The demo's stories, by what pages show to those for whom they are told."""

import time
from datetime import datetime, timedelta
from http import HTTPStatus
from io import StringIO

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.complaints.models import Complaint
from discipline.incidents.case_file.models import CaseFile
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.shifts.models import Handover
from discipline.incidents.tasks.models import AgencyDuty, Task
from discipline.incidents.tasks.state_rule import TaskState
from discipline.tools.demo import seeding
from discipline.tools.demo.city import calls, complaints, dumping, live, stories
from discipline.tools.demo.city.cast import DONE, MADE_UP
from offices.hours.schedule import local_day
from offices.places.models import Agency, Counter, Kelurahan
from streams.cameras.models import Camera
from streams.looks.streets import keeping
from streams.looks.streets.lookout import Noticed
from streams.looks.streets.models import HintLevel, StreetHint
from streams.setup.probe import CameraSnapshot
from streams.simulator.scripts import OFFICE_CAMERAS
from tests.support.demo_mark import mark_as_demo
from tests.support.recordings import record_minute

POINTS = 16
MOST_S = 6.0  # of processor time, for the stories, which need about one
SECOND = timedelta(seconds=1)


def seed(now: datetime) -> None:
    """Seed the city's offices of two kecamatan, and some street points."""
    seen = CameraSnapshot(b"jpeg", b"seen", now)
    seeding.seed_demo(
        address=lambda number: f"rtsp://127.0.0.1:8554/cam{number:03d}",
        view=lambda _number: seeding.DemoView([(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)], seen),
        now=now,
        settle_s=25,
        most_cameras=OFFICE_CAMERAS + POINTS,
        street=lambda _street: seen,
    )


def load_offices() -> None:
    call_command("load_offices", verbosity=0, stdout=StringIO())
    Kelurahan.objects.exclude(kecamatan__name__in=["Ilir Barat I", "Kemuning"]).delete()


class StoriesTestCase(TestCase):
    now: datetime

    @classmethod
    def setUpTestData(cls) -> None:
        load_offices()
        cls.now = timezone.now()
        seed(cls.now)

    def page(self, username: str, name: str, *args: object, **query: str) -> str:
        """Return the text of a page, as this user sees it; "" for the public."""
        client = Client()
        if username:
            client.force_login(get_user_model().objects.get(username=username))
        answer = client.get(reverse(name, args=args), query)
        assert answer.status_code == HTTPStatus.OK, name
        return answer.content.decode()

    def assert_shows(self, shown: str, *words: str) -> None:
        assert [one for one in words if one not in shown] == []


class StoriesTest(StoriesTestCase):
    def test_the_room_has_a_queue_calls_a_log_book_and_a_signed_handover(self) -> None:
        queue = self.page("operator", "queue")
        self.assert_shows(queue, "Pikap membuang sampah", "Keributan pengamen", "Satuan Polisi Pamong Praja", "RA-")
        calls = self.page("operator", "calls")
        self.assert_shows(calls, "Iseng", "Tanpa suara", "Masih ribut, belum ada petugas")
        self.assert_shows(self.page("operator", "log-book"), "Menerima jaga", "Satpol PP dihubungi lewat telepon piket")
        handover = self.page("kepala.jaga", "handover", Handover.objects.get().pk)
        self.assert_shows(handover, "Kepala Jaga Ruang Kendali", "Keributan pengamen")
        self.assert_shows(self.page("kepala.jaga", "room-visits"), "Rudi (contoh demo)")

    def test_an_agency_that_is_late_and_others_on_the_way_see_it_on_their_phones(self) -> None:
        late = Task.objects.get(incident__source=IncidentSource.CALL.value)
        assert late.acknowledge_by < self.now
        self.assert_shows(self.page("satpolpp", "tasks"), "Keributan pengamen")
        self.assert_shows(self.page("satpolpp", "task", late.pk), "Datangi dan tertibkan", "Terlambat")
        incident = self.page("operator", "city-incident", late.incident_id)
        self.assert_shows(incident, MADE_UP, "Masih ribut")
        for officer, words in (("bpbd", "Siapkan pompa"), ("dpupr", "Periksa saluran"), ("dishub", "Alihkan lalu")):
            self.assert_shows(self.page(officer, "tasks"), "Genangan setinggi betis")
            task = Task.objects.get(agency__code=officer, incident__title="Genangan setinggi betis")
            self.assert_shows(self.page(officer, "task", task.pk), words)

    def test_last_nights_dumping_has_a_case_without_a_recording_that_says_so(self) -> None:
        case = CaseFile.objects.get()
        self.assert_shows(self.page("satpolpp", "tasks"), reverse("case-files"))
        assert reverse("case-files") not in self.page("dishub", "tasks")
        self.assert_shows(self.page("satpolpp", "case-files"), case.number)
        client = Client()
        client.force_login(get_user_model().objects.get(username="satpolpp"))
        opened = client.post(reverse("case-file", args=[case.pk]), {"reason": "Memeriksa contoh demo"}, follow=True)
        shown = opened.content.decode()
        self.assert_shows(shown, "Pikap membuang sampah", "Tidak ada kamera yang merekam", DONE)
        assert case.moment < self.now

    def test_last_months_numbers_and_the_sample_of_conduct_are_not_empty(self) -> None:
        month = local_day(self.now).replace(day=1) - timedelta(days=1)
        numbers = self.page("walikota", "incident-numbers", bulan=f"{month:%Y-%m}")
        self.assert_shows(numbers, "Banjir atau genangan", "Satuan Polisi Pamong Praja", "Dinas Perhubungan")
        self.assert_shows(self.page("inspektorat", "conduct-sample"), "Ilir Barat I")

    def test_a_resident_follows_a_report_with_the_secret_that_the_start_prints(self) -> None:
        report = complaints.followed()
        assert report
        assert any(report.number in one and complaints.SECRET in one for one in seeding.credentials())
        typed = {"number": report.number, "secret": complaints.SECRET}
        own = self.client.post(reverse("aspiration-track"), typed, follow=True).content.decode()
        self.assert_shows(own, "Air naik cepat", "Menunggu verifikasi")
        self.assert_shows(self.page("", "aspirations"), "Sampah menumpuk")

    def test_a_restart_tells_nothing_twice(self) -> None:
        before = [model.objects.count() for model in (Incident, Task, Complaint, CaseFile, Handover)]
        users = get_user_model().objects.count()
        seed(timezone.now() + timedelta(hours=1))
        assert before == [model.objects.count() for model in (Incident, Task, Complaint, CaseFile, Handover)]
        assert users == get_user_model().objects.count()


class LiveTest(StoriesTestCase):
    def notice(self, code: str, kind: str, level: str, since: datetime) -> Camera:
        camera = Camera.objects.get(place__point_code=code)
        keeping.store(Noticed(camera.pk, kind, level, since, since + SECOND, b"jpeg"))
        return camera

    def act(self, since: datetime, seconds: int) -> list[str]:
        return [line for n in range(0, seconds, 10) for line in live.act(since + n * SECOND)]

    def test_rising_water_becomes_an_incident_that_two_reports_join(self) -> None:
        self.notice("PLB-014", "water", HintLevel.CALF, self.now)
        (line,) = self.act(self.now, 200)
        incident = Incident.objects.get(source=IncidentSource.HINT.value)
        assert incident.number in line
        assert StreetHint.objects.get().decision == "yes"
        assert Complaint.objects.filter(incident=incident).count() == 2
        assert dict(incident.tasks.values_list("agency__code", "state")) == {
            "bpbd": TaskState.UNDER_WAY.value,
            "dpupr": TaskState.UNDER_WAY.value,
        }
        shown = self.page("operator", "city-incident", incident.pk)
        self.assert_shows(shown, "Air naik saat hujan", "Badan Penanggulangan Bencana Daerah", "RA-", MADE_UP)
        report = complaints.followed()
        assert report
        typed = {"number": report.number, "secret": complaints.SECRET}
        own = self.client.post(reverse("aspiration-track"), typed, follow=True).content.decode()
        self.assert_shows(own, "Sedang ditangani")

        later = self.now + timedelta(hours=20)
        keeping.store(Noticed(StreetHint.objects.get().camera_id, "water", "", None, later))
        assert self.act(later, 60) == [], "nothing to be seen: nothing begins"
        self.notice("PLB-014", "water", HintLevel.ANKLE, later)
        assert len(self.act(later, 60)) == 1
        incident.refresh_from_db()
        assert incident.state == "closed", "yesterday's was brought to its end"

    def test_rubbish_becomes_a_case_with_the_recording_and_what_a_person_decided_is_left_alone(self) -> None:
        camera = self.notice("PLB-008", "rubbish", HintLevel.SOME, self.now)
        StreetHint.objects.update(decision="no", decided_by=self.user("operator"), decided_at=self.now)
        assert self.act(self.now, 60) == []
        StreetHint.objects.update(decision="", decided_by=None, decided_at=None)
        assert len(self.act(self.now, 170)) == 1
        assert not CaseFile.objects.filter(camera__isnull=False).exists(), "nothing was recorded"
        for begins in (self.now - 60 * SECOND, self.now):
            record_minute(camera, begins, repeats=10)
        assert len(self.act(self.now + 170 * SECOND, 30)) == 1
        case = CaseFile.objects.get(camera=camera)
        assert (case.incident.source, case.opened_by.username) == ("hint", "satpolpp")
        task = case.incident.tasks.get()
        assert task.state == TaskState.ARRIVED.value
        self.assert_shows(self.page("satpolpp", "case-files"), case.number)
        self.assert_shows(self.page("satpolpp", "task", task.pk), "Datangi pelaku dan catat")

    def test_a_report_about_an_empty_counter_lies_beside_what_was_seen(self) -> None:
        assert live.act(self.now) == [], "no counter was empty yet"
        counter = Counter.objects.filter(kelurahan__isnull=False).first()
        assert counter
        since = self.now - 200 * SECOND
        Alert.objects.create(counter=counter, kind="absence", since=since, raised_at=since + 30 * SECOND)
        (line,) = live.act(self.now)
        report = Complaint.objects.get(kind__code="counter")
        assert report.number in line
        assert report.place_id == counter.place_id
        self.assert_shows(self.page("operator", "complaint", report.pk), complaints.COUNTER_TEXT, counter.name)
        assert live.act(self.now + 60 * SECOND) == []

    def user(self, name: str) -> object:
        return get_user_model().objects.get(username=name)


class OlderDemoTest(TestCase):
    def test_one_of_an_earlier_version_gets_what_is_missing_quickly(self) -> None:
        load_offices()
        mark_as_demo()
        get_user_model().objects.create_user("operator", password="of the demo")
        Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        seed(timezone.now())
        agencies = {"dishub", "satpolpp", "bpbd", "dpupr"}
        assert set(get_user_model().objects.values_list("username", flat=True)) == agencies | {
            "operator",
            "kepala.jaga",
        }
        assert AgencyDuty.objects.count() == Agency.objects.count()
        assert CaseFile.objects.filter(reason=dumping.REASON).exists()
        Incident.objects.filter(source_key=calls.KEY).update(source_key="")
        begun = time.process_time()
        assert stories.seed(timezone.now())
        assert time.process_time() - begun < MOST_S
