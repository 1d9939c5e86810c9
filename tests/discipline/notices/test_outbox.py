"""Who is notified of what and when: escalation, one message per subject, each user's rules, others' decisions."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core import mail
from django.db.models import Q
from django.urls import reverse

from discipline.alerts import from_flips
from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.alerts.reminders import remind
from discipline.notices import outbox
from discipline.notices.models import Delivery, Escalation, NoticeRule
from discipline.notices.rule import Topic
from discipline.ops.watch import incident_opening
from discipline.staffing.incident_models import SystemIncident
from discipline.staffing.models import StandingState
from streams.cameras.troubles.models import CameraNote
from streams.cameras.troubles.notes import write_note
from tests.support.base import MORNING
from tests.support.telephones import SENT, SKIPPED, NoticeCase, after


class WhoHears(NoticeCase):
    def test_the_lurah_hears_at_once_the_camat_later_the_mayor_last_and_each_once(self) -> None:
        self.empty()
        self.run_at(0)
        assert (self.heard("dewi"), self.heard("budi")) == (["Loket kosong 10 menit"], [])
        self.run_at(14.9)
        assert self.heard("budi") == []
        self.run_at(15)
        self.run_at(16)
        assert (self.heard("budi"), self.heard("walikota")) == (["Loket kosong 25 menit"], [])
        self.run_at(60)
        self.run_at(600)
        assert self.heard("walikota") == ["Loket kosong 1 jam 10 menit"]
        assert len(self.heard("dewi")) == len(self.heard("budi")) == 1
        for uninvolved in ("citra", "eko", "ani", "intan"):
            assert self.heard(uninvolved) == []

    def test_the_message_says_which_counter_and_since_when_and_never_who(self) -> None:
        alert = self.empty()
        self.run_at(0)
        notice = self.service.messages(self.phones["dewi"])[0]
        assert notice["body"] == (
            "Loket 1, Kelurahan 35 Ilir, sejak 08.50 WIB.\nIndikasi, belum pelanggaran sampai diputuskan camat."
        )
        assert (notice["url"], notice["tag"]) == (f"/indikasi/{alert.pk}/", f"alert:{alert.pk}")

    def test_nobody_further_up_hears_of_what_has_ended_or_was_answered(self) -> None:
        ended, answered = self.empty(), self.world.accuse(self.world.counter(self.world.kemang), 10)
        self.run_at(0)
        Alert.objects.filter(pk=ended.pk).update(ended_at=after(5), ended_by=StandingState.STAFFED)
        Decision.objects.create(alert=answered, at=after(5), by=self.world.dewi, role="lurah", what="explained")
        self.run_at(60)
        assert self.heard("budi") == self.heard("walikota") == []
        whys = Delivery.objects.filter(state=SKIPPED).values_list("subject_key", "why")
        assert set(whys) == {(f"alert:{ended.pk}", "ended"), (f"alert:{answered.pk}", "answered")}

    def test_planned_work_on_a_camera_quiets_what_is_said_of_it_and_nothing_else(self) -> None:
        kinds = CameraNote.Kind
        camera = self.world.cameras[self.world.ilir35.pk]
        write_note(kinds.PLANNED, self.world.ani, after(-60), camera, until=after(5))
        self.empty()
        self.empty(kind="camera_fault")
        self.run_at(0)
        assert self.heard("dewi") == ["Loket kosong 10 menit"]
        assert self.heard("ani") == []
        self.empty(kind="blinded", raised_at=after(6))
        self.run_at(6)
        assert len(self.heard("dewi")) == 2

    def test_the_operator_changes_the_steps(self) -> None:
        Escalation.objects.create(camat=5, mayor=30)
        self.empty()
        self.run_at(5)
        assert len(self.heard("budi")) == 1
        self.run_at(30)
        assert len(self.heard("walikota")) == 1

    def test_who_wants_only_long_absences_hears_of_them_when_they_are_long(self) -> None:
        NoticeRule.objects.create(user=self.world.budi, min_minutes=20)
        self.empty()
        self.run_at(9.9)  # empty for 19 minutes
        assert self.heard("budi") == []
        self.run_at(10)
        assert self.heard("budi") == ["Loket kosong 20 menit"]

    def test_an_absence_that_becomes_an_early_leave_is_one_subject(self) -> None:
        absence = self.empty()
        self.run_at(0)
        leave = self.empty(kind="early_leave", raised_at=after(10), ended_at=after(10), ended_by=StandingState.CLOSED)
        Alert.objects.filter(pk=absence.pk).update(
            ended_at=after(10), ended_by=StandingState.CLOSED, superseded_by=leave
        )
        self.run_at(10)
        assert self.heard("dewi") == ["Loket kosong 10 menit"]
        self.run_at(15)
        assert self.heard("budi") == []  # under the later kind it belongs in the camat's digest
        self.run_at(180)
        assert self.heard("budi") == ["Pulang sebelum waktunya 20 menit"]
        assert self.row("budi").subject_key == f"alert:{absence.pk}"

    def test_the_notice_of_an_early_leave_is_in_the_past_tense(self) -> None:
        self.empty(kind="early_leave", raised_at=MORNING, ended_at=MORNING, ended_by=StandingState.CLOSED)
        self.run_at(0)
        notice = self.service.messages(self.phones["dewi"])[0]
        assert notice["title"] == "Pulang sebelum waktunya 10 menit"
        assert "08.50–09.00 WIB" in notice["body"]

    def test_two_devices_hear_once_each_and_a_mail_comes_too(self) -> None:
        get_user_model().objects.filter(pk=self.world.dewi.pk).update(email="dewi@example.test")
        tablet = self.phone("dewi", "tablet")
        self.empty()
        self.run_at(0)
        self.run_at(1)
        assert len(self.heard("dewi")) == len(self.service.messages(tablet)) == len(mail.outbox) == 1
        assert mail.outbox[0].subject == "Loket kosong 10 menit"
        assert self.world.dewi.deliveries.filter(state=SENT).count() == 3

    def test_an_incident_is_one_message_and_what_it_covers_none(self) -> None:
        before = self.empty()
        incident = incident_opening.open_incident(
            incident_opening.IncidentReport(SystemIncident.Kind.FLEET_BLIND, after(-5), blind=80, total=107), MORNING
        )
        self.run_at(0)
        incident_opening.open_incident(
            incident_opening.IncidentReport(SystemIncident.Kind.FLEET_BLIND, after(-5), blind=90, total=107), after(1)
        )
        self.run_at(60)
        assert Alert.objects.get(pk=before.pk).withdrawn_by == incident
        for name in ("walikota", "ani"):
            assert self.heard(name) == ["Gangguan sistem"]
        assert "80 dari 107 kamera" in self.service.messages(self.phones["ani"])[0]["body"]
        assert self.heard("dewi") == self.heard("budi") == []

    def test_what_was_withdrawn_after_it_was_queued_is_not_sent(self) -> None:
        self.empty()
        outbox.queue_notices(MORNING)
        incident = SystemIncident.objects.create(
            kind="no_watch", since=after(-5), raised_at=MORNING, notices_queued_at=MORNING
        )
        from_flips.withdraw_for_incident(incident, Q(dated_at__gte=incident.since), MORNING)
        self.run_at(15)
        assert self.heard("dewi") == self.heard("budi") == []
        assert {row.why for row in Delivery.objects.exclude(user=self.world.walikota)} == {"withdrawn"}

    def test_many_at_once_come_as_one(self) -> None:
        NoticeRule.objects.create(user=self.world.ani, modes={"absence": "now"}, by_mail=True)
        for office in self.world.offices.values():
            self.world.accuse(self.world.counter(office), 10)
        self.run_at(0)
        assert self.heard("ani") == ["4 pemberitahuan"]
        notice = self.service.messages(self.phones["ani"])[0]
        assert notice["body"].count("Loket kosong 10 menit: Loket 1, Kelurahan") == 4
        assert notice["url"] == "/indikasi/?tahap=semua"

    def test_news_older_than_twelve_hours_is_not_sent(self) -> None:
        self.empty()
        self.run_at(13 * 60)
        assert Delivery.objects.count() == 0

    def choose(self, name: str, **more: Any) -> NoticeRule:
        return NoticeRule.objects.create(user=getattr(self.world, name), **more)

    def test_a_digest_holds_what_lasts_and_what_ended_but_not_what_was_answered(self) -> None:
        self.choose("budi", modes={"absence": "digest"})
        lasts, over = self.empty(), self.world.accuse(self.world.counter(self.world.kemang), 10)
        answered = self.world.accuse(self.world.counter(self.world.kemang, 2), 10, outcome="excused")
        self.run_at(0)
        Alert.objects.filter(pk=over.pk).update(ended_at=after(5), ended_by=StandingState.STAFFED)
        self.run_at(179)
        assert self.heard("budi") == []
        self.run_at(180)  # 12.00
        notice = self.service.messages(self.phones["budi"])[0]
        assert notice["title"] == "2 pemberitahuan"
        assert notice["body"].splitlines() == [
            "Loket kosong 3 jam 10 menit: Loket 1, Kelurahan 35 Ilir, sejak 08.50 WIB.",
            "Loket kosong, 15 menit, sudah berakhir: Loket 1, Kelurahan Kemang Manis, 08.50–09.05 WIB.",
        ]
        assert self.row("budi", subject_key=f"alert:{answered.pk}").why == "answered"
        assert self.row("budi", subject_key=f"alert:{lasts.pk}").state == SENT

    def test_what_happens_in_quiet_hours_comes_when_they_are_over_unless_it_is_over_too(self) -> None:
        self.choose("dewi", quiet_from="08:00", quiet_to="10:00")
        self.empty()
        self.run_at(59)
        assert self.heard("dewi") == []
        self.run_at(60)
        assert self.heard("dewi") == ["Loket kosong 1 jam 10 menit"]

    def test_a_camat_who_wants_one_office_only_hears_of_that_one(self) -> None:
        self.choose("budi", min_minutes=0).kelurahan.add(self.world.kemang)
        self.empty()
        self.world.accuse(self.world.counter(self.world.kemang), 10)
        self.run_at(0)
        assert [notice["body"].split(",")[1] for notice in self.service.messages(self.phones["budi"])] == [
            " Kelurahan Kemang Manis"
        ]

    def test_what_was_switched_off_after_it_was_queued_is_not_sent(self) -> None:
        self.empty()
        self.run_at(0)
        self.choose("budi", modes={"absence": "off"})
        self.run_at(15)
        assert (self.heard("budi"), self.row("budi").why) == ([], "off")

    def test_an_area_never_widens_a_scope(self) -> None:
        self.choose("citra", min_minutes=0).kelurahan.add(self.world.ilir35)
        self.empty()
        self.run_at(15)
        assert self.heard("citra") == []
        assert not self.world.citra.deliveries.exists()

    def test_lurah_and_camat_hear_of_each_others_word_and_not_of_their_own(self) -> None:
        alert = self.empty(explain_by=after(3000), notices_queued_at=MORNING)
        line = record_decision(
            alert,
            self.world.dewi,
            DecisionStatement(DecisionAct.EXPLAINED, None, "apel", "Apel di kecamatan"),
            after(1),
        )
        self.run_at(1)
        assert (self.heard("budi"), self.heard("dewi")) == (["Penjelasan menunggu keputusan"], [])
        record_decision(
            alert, self.world.budi, DecisionStatement(DecisionAct.EXCUSED, line.pk, "apel", "Benar"), after(2)
        )
        self.run_at(2)
        assert self.heard("dewi") == ["Diputuskan: Dengan izin"]
        assert len(self.heard("budi")) == 1
        assert self.heard("citra") == self.heard("eko") == self.heard("walikota") == []

    def test_reminders_reach_phones_once_and_not_of_what_was_answered_meanwhile(self) -> None:
        self.empty(explain_by=MORNING + timedelta(days=3), notices_queued_at=MORNING)
        other = self.world.accuse(
            self.world.counter(self.world.kemang), explain_by=MORNING + timedelta(days=3), notices_queued_at=MORNING
        )
        due = MORNING + timedelta(days=2.5)
        for again in (0, 10):
            remind(due + timedelta(minutes=again))
        assert Reminder.objects.count() == 3  # Kemang Manis has no lurah
        Alert.objects.filter(pk=other.pk).update(outcome="excused")
        morning = 3 * 24 * 60  # the night before has quiet hours
        self.run_at(morning)
        assert self.heard("dewi") == ["Penjelasan ditunggu sampai Kamis 26 Nov, 09.00 WIB: 35 Ilir"]
        assert self.heard("budi") == self.heard("dewi")
        assert self.row("budi", subject_key=f"reminder:{other.pk}:soon").why == "answered"

    def test_who_switched_reminders_off_gets_no_mail_either(self) -> None:
        get_user_model().objects.filter(username__in=["dewi", "budi"]).update(email="kantor@example.test")
        NoticeRule.objects.create(user=self.world.budi, modes={"reminder": "off"})
        self.empty(explain_by=MORNING + timedelta(days=3), notices_queued_at=MORNING)
        assert remind(MORNING + timedelta(days=2.5)) == 1

    def test_each_hears_it_in_the_language_that_was_chosen_on_the_pages(self) -> None:
        self.client.force_login(self.world.dewi)
        self.client.post(reverse("set_language"), {"language": "en"})
        alert = self.empty()
        self.run_at(0)
        self.run_at(15)
        assert self.heard("dewi") == ["Counter unstaffed 10 minutes"]
        assert self.heard("budi") == ["Loket kosong 25 menit"]
        record_decision(alert, self.world.budi, DecisionStatement(DecisionAct.CONFIRMED, None), after(16))
        self.run_at(17)
        assert self.heard("dewi")[1:] == ["Decided: Confirmed"]

    def test_a_finding_reaches_who_looks_after_the_office(self) -> None:
        words = outbox.NoticeText("Temuan inspeksi: loket tutup", "Kelurahan 35 Ilir, jawab sampai Kamis.", "/sidak/9/")
        for _ in range(2):
            outbox.queue_message(
                "finding:9", Topic.FINDING, words, self.world.ilir35, MORNING, not_to=self.world.ani.pk
            )
        self.run_at(0)
        assert self.heard("dewi") == self.heard("budi") == ["Temuan inspeksi: loket tutup"]
        assert self.heard("citra") == self.heard("ani") == []
        self.run_at(180)
        assert self.heard("walikota") == self.heard("intan") == ["Temuan inspeksi: loket tutup"]
