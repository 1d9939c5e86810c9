"""Cameras at every kind of place: read, judged where there is a counter, stored as evidence; and every page works."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from discipline.alerts.models import Alert
from discipline.board import rows as board_rows
from discipline.evidence import adoption, retention
from discipline.evidence.models import Retention
from discipline.ops.watch import incident_monitor
from discipline.ops.watch.look_intervals import CALM, IDLE, STREET, LookIntervals
from discipline.reports.numbers import rollups, tables
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.period import parse_period
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import Standing
from streams.cameras.models import Camera, OccupancySpan, Zone
from streams.evidence import pending, store, verify
from streams.evidence.models import Evidence
from streams.live import access_log, picture_gate
from streams.live.models import View
from streams.pixels.occupancy import Look, Sample
from streams.setup import camera_health, probe, zone_editing
from streams.watch.camera_loop import config_version_of
from streams.watch.leases import CameraLeases, WatcherStats
from tests.support.base import MORNING, SQUARE, OfficeTestCase
from tests.support.pictures import grey_jpeg
from tests.support.places import Kinds

LEFT = MORNING - timedelta(minutes=18)
Kind, Form = Evidence.Kind, Evidence.Form


class EveryKindOfPlace(OfficeTestCase):
    def setUp(self) -> None:
        shutil.rmtree(settings.EVIDENCE_DIR, ignore_errors=True)
        Path(settings.EVIDENCE_DIR).mkdir()
        ledger.schedule._schedule = None
        self.kinds = Kinds.around(self.world)
        self.office, self.district, self.point = self.kinds.cameras.values()
        self.loket = self.kinds.loket

    def leave_empty(self, until: datetime = MORNING) -> Alert:
        """Record the kecamatan office's counter as staffed until LEFT and empty afterwards."""
        begin = LEFT - timedelta(minutes=5)
        moments: Iterator[datetime] = (
            begin + timedelta(seconds=5 * n) for n in range(int((until - begin).seconds / 5))
        )
        looks = [Sample(self.loket.pk, at, Look.STAFFED if at < LEFT else Look.EMPTY, int(at < LEFT)) for at in moments]
        ledger.record_samples(looks, until)
        return Alert.objects.get(counter=self.loket, ended_at=None)

    def test_a_watch_holds_cameras_of_every_kind_and_looks_at_points_around_the_clock(self) -> None:
        fleet = CameraLeases("satu")
        fleet.join()
        held = {camera.pk: camera for camera in fleet.beat(WatcherStats())}
        assert held.keys() == set(Camera.objects.values_list("pk", flat=True))
        assert [zone.as_zone().counter for zone in held[self.district.pk].zones.all()] == [self.loket.pk]
        assert list(held[self.point.pk].zones.all()) == []
        assert config_version_of(held[self.point.pk])[-1] == ()
        paces = LookIntervals()
        paces.set(list(held.values()), MORNING)
        assert [paces(one.pk) for one in (self.district, self.point)] == [CALM, STREET]
        paces.set(list(held.values()), MORNING.replace(hour=17))  # midnight in Palembang
        assert [paces(one.pk) for one in (self.district, self.point)] == [IDLE, STREET]

    def test_the_ledger_judges_a_counter_of_a_kecamatan_office(self) -> None:
        alert = self.leave_empty()
        assert (alert.kind, alert.since) == (AlertKind.ABSENCE, LEFT)
        assert Standing.objects.get(counter=self.loket).state == "absent"
        assert list(OccupancySpan.objects.filter(subject=self.loket.pk).values_list("look", flat=True)) == [
            "staffed",
            "empty",
        ]

    def test_a_point_is_no_part_of_the_fleet_whose_share_counts(self) -> None:
        ledger.create_standings(MORNING)
        fleet = {one.pk for one in incident_monitor._watched_cameras(MORNING, watched=True)}
        assert self.district.pk in fleet
        assert self.point.pk not in fleet
        assert not Standing.objects.exclude(counter__place__kind__in=["kelurahan", "kecamatan"]).exists()

    def test_evidence_of_a_kecamatan_office_is_adopted_into_a_chain_of_its_own(self) -> None:
        alert = self.leave_empty()
        for kind, moment in ((Kind.FIRST_EMPTY, LEFT), (Kind.DEADLINE, alert.raised_at)):
            pending.add_file(self.loket.pk, LEFT, kind, moment, lambda path: {"at": str(path.write_bytes(b"x"))})
        adoption.adopt_pending([self.loket.pk], set(), MORNING)
        rows = Evidence.objects.filter(place=self.district.place).order_by("number")
        assert [(row.number, row.kelurahan, row.counter) for row in rows] == [
            (1, None, self.loket),
            (2, None, self.loket),
        ]
        assert {row.path.split("/")[0] for row in rows} == {"16.71.01"}
        assert set(alert.evidence.all()) == set(rows)

    def test_chains_of_all_kinds_hold_side_by_side_and_show_what_was_done_to_them(self) -> None:
        rows = [self.keep(camera) for camera in (self.office, self.district, self.point) for _ in range(2)]
        assert [row.number for row in rows] == [1, 2] * 3
        store.seal_days(timezone.now() + timedelta(days=1))
        report = verify.verify_evidence(timezone.now())
        assert (report.offices, report.rows, report.files, report.faults) == (3, 6, 6, [])
        (settings.EVIDENCE_DIR / rows[-1].path).write_bytes(b"another")
        [fault] = verify.verify_evidence(timezone.now(), [self.point.place]).faults
        assert (fault.office, fault.what, fault.number) == ("T-001", "file_changed", 2)

    def test_evidence_of_all_kinds_goes_when_its_time_is_over(self) -> None:
        Retention.objects.create(since=MORNING, by=self.world.intan)
        rows = [self.keep(camera) for camera in (self.office, self.district, self.point)]
        retention.apply_retention(MORNING + timedelta(days=31))
        notes = Evidence.objects.filter(kind=Kind.DESTROYED).order_by("pk")
        assert [(note.of, note.place) for note in notes] == [(row, row.place) for row in rows]
        assert verify.verify_evidence(MORNING).faults == []
        left = settings.EVIDENCE_DIR / rows[-1].path
        left.write_bytes(b"not removed, for the process died")
        retention.remove_leftovers(timezone.now())
        assert not left.exists()

    def keep(self, camera: Camera) -> Evidence:
        counter = {self.office: self.world.counter(self.world.ilir35), self.district: self.loket}.get(camera)
        facts = {"polygon": SQUARE} if counter else {}
        return store.store_at(
            camera.place, counter, store.NewEvidence(Kind.DURING, Form.ORIGINAL, MORNING, grey_jpeg(), facts), MORNING
        )

    def test_what_happens_at_a_kecamatan_office_is_counted_apart(self) -> None:
        world = self.world
        ledger.create_standings(LEFT - timedelta(minutes=10))
        before = {name: board_rows.rows(getattr(world, name)) for name in ("walikota", "budi")}
        self.leave_empty()
        assert {name: board_rows.rows(getattr(world, name)) for name in before} == before, "rows of the kelurahan"
        rollups.rebuild_days(MORNING.date(), MORNING.date(), MORNING, [self.loket.pk])
        assert sum(DayTally.objects.get(counter=self.loket).counts.values()) == 1
        day = parse_period(f"{MORNING:%Y-%m-%d}", MORNING.date())
        for unit in (OrgUnit(Level.CITY), OrgUnit(Level.KECAMATAN, world.kecamatan["16.71.01"])):
            assert tables.build_report(unit, day).total.duty_s == 0
            [line] = tables.kecamatan_office_lines(unit, day)
            assert (line.name, line.sums.indications) == ("Kantor Camat Ilir Barat II", 1)
        own = OrgUnit.of_office(self.district.place)
        assert tables.build_report(own, day).total.indications == 1
        addresses = ["board", "wall", "indications", "reports", "signatures", "closures", "hours"]
        keys = (own.key, f"loket-{self.loket.pk}")
        pages = [("report", [key, day.key]) for key in keys] + [("hours-place", [key]) for key in keys]
        for user, status in ((world.walikota, 200), (world.budi, 200), (world.citra, 404), (world.dewi, 404)):
            self.client.force_login(user)
            for name in addresses if status == 200 else ():
                assert self.client.get(reverse(name), follow=True).status_code == 200, name
            for name, where in pages:
                assert self.client.get(reverse(name, args=where)).status_code == status, (user, name, where)
        self.client.force_login(world.walikota)
        page = self.client.get(reverse("report", args=["kota", day.key])).content.decode()
        assert "Berperingkat sendiri" in page

    def test_the_operator_keeps_every_camera_healthy(self) -> None:
        found = {one.camera.pk: one for one in camera_health.conditions({}, MORNING)}
        assert found.keys() >= {self.district.pk, self.point.pk}
        self.client.force_login(self.world.ani)
        for camera in self.kinds.cameras.values():
            for part in ("camera-change", "camera-zones", "camera-reference", "camera-delete"):
                page = self.client.get(reverse(part, args=[camera.pk]))
                assert page.status_code == 200
                assert camera.place.name in page.content.decode()
            form = {"name": "Lain", "url": camera.url, "enabled": "on", "kelurahan": "35 Ilir"}
            assert self.client.post(reverse("camera-change", args=[camera.pk]), form).status_code == 302
            changed = Camera.objects.get(pk=camera.pk)
            assert (changed.name, changed.place) == ("Lain", camera.place)
        listed = self.client.get(reverse("cameras")).content.decode()
        assert "Bawah Ampera" in listed
        assert "Kantor Camat Ilir Barat II" in listed
        here = self.client.get(reverse("cameras"), {"kecamatan": "16.71.01"}).content.decode()
        assert "Kantor Camat Ilir Barat II" in here
        assert "Bawah Ampera" not in here

    def test_a_zone_is_for_a_counter_of_the_camera_s_own_place(self) -> None:
        free = {camera: set(zone_editing.free_counters(camera)) for camera in (self.district, self.point)}
        assert free == {self.district: {self.loket}, self.point: set()}
        with pytest.raises(ValidationError, match="di tempat lain"):
            Zone(camera=self.point, subject=self.loket.subject, polygon=SQUARE).clean()
        new = {"name": "Loket Baru", "quorum": 1, "polygon": SQUARE}
        seen = probe.make_snapshot(grey_jpeg(), MORNING)
        assert seen
        with pytest.raises(zone_editing.DrawingError) as refused:
            zone_editing.save_zones(self.point, [new], seen)
        assert refused.value.problems == {0: ["Di sebuah titik tidak ada loket."]}
        assert zone_editing.save_zones(self.district, [new], seen) == 1
        assert Zone.objects.get(camera=self.district).counter.place == self.district.place

    def test_only_interiors_ask_for_a_reason_outside_the_hours(self) -> None:
        night = MORNING + timedelta(hours=13)
        assert [picture_gate.needs_reason(one, MORNING) for one in self.kinds.cameras.values()] == [False] * 3
        assert [picture_gate.needs_reason(one, night) for one in self.kinds.cameras.values()] == [True, True, False]
        view = access_log.open_view(self.world.ani, self.point, View.Why.ROUTINE, night)
        assert (view.offices, view.camera_name, view.closed) == ([], "Pintu", False)
        self.client.force_login(self.world.intan)
        assert self.client.get(reverse("views")).status_code == 200
