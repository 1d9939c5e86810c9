"""A report about a counter, laid beside what was seen there."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.complaints import counter_check
from discipline.complaints.models import Complaint
from discipline.complaints.reviews.models import AlertConfirmation, CameraMistake
from discipline.complaints.seen_rule import CounterSeen, SeenOutcome
from discipline.tools.evaluate.false_alarms import review_set
from streams.cameras.models import Zone
from tests.support.base import MORNING, OfficeTestCase
from tests.support.clock import wib
from tests.support.complaints import a_complaint
from tests.support.recordings import record_minute
from tests.support.story import absence_of_eighteen_minutes


class BesideTheRecord(OfficeTestCase):
    def test_a_report_about_an_empty_counter_is_laid_beside_what_was_seen(self) -> None:
        alert = absence_of_eighteen_minutes(self.world.counter(self.world.ilir35))
        report = a_complaint(self.world, happened_at=alert.since + timedelta(minutes=12))
        check = counter_check.check_counters(report, alert.since + timedelta(hours=3))
        assert check
        assert check.outcome is SeenOutcome.CONFIRMED
        assert list(check.alerts) == [alert]
        assert (check.counters[0].seen, check.counters[0].minutes_empty > 5) == (CounterSeen.EMPTY, True)
        message = counter_check.sentence(check, "id")
        assert "Loket 1 kosong" in message
        self.client.force_login(self.world.ani)
        page = self.client.get(reverse("complaint", args=[report.pk])).content.decode()
        assert message in page
        assert f"?pukul={check.clock}" in page
        self.client.post(reverse("complaint-compare", args=[report.pk]), {"outcome": check.outcome.value})
        report.refresh_from_db()
        assert report.outcome == SeenOutcome.CONFIRMED.value
        self.client.force_login(self.world.budi)
        assert self.client.get(reverse("complaint", args=[report.pk])).status_code == 404  # not verified yet

        assert "Sebuah laporan warga mengatakan hal yang sama" in self.page_of(alert)
        self.compare(report, SeenOutcome.EMPTY)
        assert "Sebuah laporan warga" not in self.page_of(alert)
        self.compare(report, SeenOutcome.CONFIRMED)
        assert "Sebuah laporan warga" in self.page_of(alert)
        assert AlertConfirmation.objects.get().by == self.world.ani
        assert alert.outcome == ""
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            AlertConfirmation.objects.update(at=MORNING)

    def test_a_person_says_that_the_camera_was_wrong(self) -> None:
        absence_of_eighteen_minutes(self.world.counter(self.world.ilir35))
        counter, at = self.world.counter(self.world.ilir35), wib("08:30:01")
        report = a_complaint(self.world, happened_at=at)
        self.client.force_login(self.world.ani)
        address = reverse("complaint", args=[report.pk])
        page = self.client.get(address).content.decode()
        assert "Bertentangan: tercatat ada petugas" in page
        assert "Catat kekeliruan kamera" in page
        for wrong in ({"counter": str(counter.pk)}, {"text": "Foto warga"}, {"counter": "999", "text": "Foto warga"}):
            assert "Pilih loket yang tercatat ada petugas" in self.compare(report, SeenOutcome.CAMERA_WRONG, **wrong)
        assert "Tidak ada indikasi" in self.compare(report, SeenOutcome.CONFIRMED)
        assert not CameraMistake.objects.exists()

        page = self.compare(report, SeenOutcome.CAMERA_WRONG, counter=str(counter.pk), text="Foto warga: kursi kosong")
        assert "Anda benar" in page
        mistake = CameraMistake.objects.get()
        assert (mistake.counter, mistake.seen_at, mistake.by) == (counter, at, self.world.ani)
        assert Alert.objects.count() == 1  # the record stays as it is

        camera = self.world.cameras[self.world.ilir35.pk]
        assert (review_set().mistakes, review_set().lost) == (1, 1)  # nothing was recorded
        record_minute(camera, at - timedelta(seconds=2))
        assert review_set().lost == 1  # its zone was drawn later
        Zone.objects.update(changed_at=at - timedelta(days=1))
        (still,) = review_set().stills
        assert (still.staffed, still.image.shape[1]) == (False, 320)
        player = reverse("recording", args=[camera.pk])
        assert player not in self.client.get(address).content.decode()
        self.client.force_login(self.world.intan)
        assert f"{player}?saat={round(at.timestamp())}" in self.client.get(address).content.decode()
        self.compare(report, SeenOutcome.UNSEEN)
        assert review_set().mistakes == 0

    def compare(self, report: Complaint, outcome: SeenOutcome, **more: str) -> str:
        """Let Ani record the outcome and return the page that follows."""
        self.client.force_login(self.world.ani)
        sent = {"outcome": outcome.value} | more
        return self.client.post(reverse("complaint-compare", args=[report.pk]), sent, follow=True).content.decode()

    def page_of(self, alert: Alert) -> str:
        """Return the page of the indication as its lurah sees it."""
        self.client.force_login(self.world.dewi)
        return self.client.get(reverse("indication", args=[alert.pk])).content.decode()

    def test_other_reports_have_no_record(self) -> None:
        assert counter_check.check_counters(a_complaint(self.world, "rubbish"), MORNING) is None
