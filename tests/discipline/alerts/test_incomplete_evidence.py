"""Indications that lack evidence say so, on their page, in the list and in a count."""

from datetime import timedelta

import numpy as np
from django.utils import timezone

from discipline.alerts.incomplete_evidence import count_incomplete, incomplete_among
from discipline.alerts.models import Alert
from discipline.core.models import DemoHistory
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StandingState
from streams.evidence.models import Evidence
from tests.support.base import OfficeTestCase
from tests.support.exhibits import show

Kind = Evidence.Kind
MINUTE = timedelta(minutes=1)


class Incomplete(OfficeTestCase):
    def setUp(self) -> None:
        self.now = timezone.now()
        self.alert = self.accuse(1, 60)

    def accuse(self, number: int, minutes: int) -> Alert:
        """Store an absence that was raised so many minutes ago and lasts."""
        counter, raised = self.world.counter(self.world.ilir35, number), self.now - minutes * MINUTE
        self.world.stand(counter, StandingState.ABSENT, raised)
        return self.world.accuse(counter, since=raised - 10 * MINUTE, raised_at=raised)

    def keep(self, *kinds: Evidence.Kind, alert: Alert | None = None) -> None:
        alert = alert or self.alert
        for kind in kinds:
            at = alert.raised_at if kind == Kind.DEADLINE else alert.since
            show(alert, kind, at, np.full((36, 64, 3), 128, np.uint8))

    def incomplete(self) -> list[Alert]:
        return list(incomplete_among(Alert.objects.all(), self.now))

    def test_both_stills_make_it_complete(self) -> None:
        assert self.incomplete() == [self.alert]
        self.keep(Kind.FIRST_EMPTY)
        assert self.incomplete() == [self.alert]
        self.keep(Kind.DEADLINE)
        assert self.incomplete() == []

    def test_one_that_was_only_just_raised_is_waited_for(self) -> None:
        self.alert.delete()
        self.accuse(2, 4)
        assert self.incomplete() == []

    def test_what_the_one_before_has_counts_for_the_one_that_took_its_place(self) -> None:
        self.keep(Kind.FIRST_EMPTY, Kind.DEADLINE)
        later = self.accuse(2, 30)
        Alert.objects.filter(pk=self.alert.pk).update(superseded_by=later)
        assert self.incomplete() == []

    def test_camera_faults_and_demo_data_have_no_pictures(self) -> None:
        Alert.objects.update(kind=AlertKind.CAMERA_FAULT)
        assert self.incomplete() == []
        Alert.objects.all().delete()
        day = self.now.date()
        DemoHistory.objects.create(seed=1, first_day=day, last_day=day, until=self.now, made_at=self.now)
        self.accuse(1, 60)
        assert self.incomplete() == []

    def test_the_count_leaves_out_what_counts_no_more_or_is_long_past(self) -> None:
        assert count_incomplete(Alert.objects.all(), self.now) == 1
        assert count_incomplete(Alert.objects.all(), self.now + timedelta(days=8)) == 0
        Alert.objects.update(superseded_by=self.accuse(2, 3))
        assert count_incomplete(Alert.objects.all(), self.now) == 0

    def test_the_list_says_it_within_the_users_scope(self) -> None:
        for user, shown in ((self.world.ani, True), (self.world.dewi, True), (self.world.citra, False)):
            self.client.force_login(user)
            page = self.client.get("/indikasi/?tahap=semua").content.decode()
            assert ("1 indikasi dalam 7 hari terakhir tidak lengkap buktinya." in page) is shown, user
            assert ("bukti tidak lengkap" in page) is shown, user

    def test_its_own_page_says_how_many_stills_were_not_recorded(self) -> None:
        self.client.force_login(self.world.dewi)
        self.keep(Kind.DEADLINE)
        page = self.client.get(f"/indikasi/{self.alert.pk}/").content.decode()
        assert "Bukti tidak lengkap." in page
        assert "2 gambar yang seharusnya ada tidak terekam" in page  # the last staffed and the first empty look
        self.keep(Kind.FIRST_EMPTY, Kind.LAST_STAFFED)
        assert "Bukti tidak lengkap." not in self.client.get(f"/indikasi/{self.alert.pk}/").content.decode()
