"""A resident's report from the form to its end: confirmed, verified, answered, followed, reopened."""

import base64
import json
import re
from datetime import timedelta
from uuid import uuid4

import altcha
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.complaints import filing, steps
from discipline.complaints.clock import due_after
from discipline.complaints.finding import complaints_in
from discipline.complaints.mailing import links
from discipline.complaints.mailing.links import LinkKind
from discipline.complaints.models import Complaint, ComplaintFollower, ComplaintMail, ComplaintStep
from discipline.complaints.proof.field import MOST
from discipline.complaints.state_rule import ComplaintState, ComplaintStepRefused
from offices.access.gate import scope_of
from offices.hours.models import HolidayOverride
from streams.secrets import count_sealed
from tests.support.base import MORNING
from tests.support.complaint_case import ComplaintTestCase
from tests.support.complaints import a_complaint, complaint_kind, move, new_complaint, solution, solved

S = ComplaintState
DAY = timedelta(days=1)


class Complaints(ComplaintTestCase):
    def test_the_whole_way_of_a_report_and_its_follower(self) -> None:
        page = self.client.post(reverse("aspiration-write"), self.form())
        assert page.status_code == 200
        report = Complaint.objects.get()
        (secret,) = re.findall(r"<code>([A-Z0-9-]{19})</code>", page.content.decode())
        assert secret not in report.secret_hash
        assert report.status is S.UNCONFIRMED
        assert not complaints_in(scope_of(self.world.ani)).exists()  # nobody reads it yet

        (asked,) = self.delivered(timezone.now())
        (path,) = re.findall(r"/aspirasi/tautan/\S+", asked)
        assert secret in asked
        assert self.client.get(path).status_code == 200
        assert Complaint.objects.get().status is S.UNCONFIRMED  # a program that opens links confirms nothing
        own = self.client.post(path).headers["Location"]
        report.refresh_from_db()
        assert report.status is S.OPEN
        assert report.verify_by

        move(report, S.VERIFIED, self.world, message="Diteruskan ke DLHK")
        steps.publish(report, "Sampah menumpuk", self.world.ani, MORNING)
        assert "Diteruskan ke DLHK" in self.delivered(timezone.now())[0]
        following = {"mail": "umar@example.com", "proof": solved()}
        self.client.post(reverse("aspiration-follow", args=[report.pk]), following)
        (asked,) = self.delivered(timezone.now())
        (path,) = re.findall(r"/aspirasi/tautan/\S+", asked)
        self.client.post(path)
        move(report, S.DONE, self.world, message="Sudah diangkut")
        mails = self.delivered(timezone.now())
        assert [one.split()[0] for one in mails] == ["siti@example.com", "umar@example.com"]
        assert "Sudah selesai?" in mails[0]
        assert "Sudah selesai?" not in mails[1]

        assert "Sudah diangkut" in self.client.get(own).content.decode()
        answer = reverse("aspiration-reply", args=[own.split("/")[3]])
        assert self.client.post(answer, {"text": ""}).status_code == 422
        assert self.client.post(answer, {"done": "1"}).status_code == 302
        assert "Ya, sudah selesai" not in self.client.get(own).content.decode()
        found = self.client.post(reverse("aspiration-track"), {"number": report.number, "secret": secret.lower()})
        assert found.status_code == 302
        wrong = self.client.post(reverse("aspiration-track"), {"number": report.number, "secret": "AAAA"})
        assert wrong.status_code == 422

    def test_contacts_are_sealed_and_forgotten_after_the_end(self) -> None:
        report = a_complaint(self.world, mail="siti@example.com")
        with connection.cursor() as cursor:
            cursor.execute("SELECT mail FROM discipline_complaint")
            assert "siti" not in cursor.fetchone()[0]
        assert any(one.column == "discipline.Complaint.mail" for one in count_sealed())
        move(report, S.REJECTED, self.world, message="Bukan laporan")
        late = filing.file_complaint(new_complaint(self.world, mail="x@example.com"), MORNING).complaint
        filing.forget(MORNING + filing.CONTACT_KEPT - DAY)
        assert Complaint.objects.get().mail.reveal() == "siti@example.com"
        assert not Complaint.objects.filter(pk=late.pk).exists()  # nobody confirmed it
        filing.forget(MORNING + filing.CONTACT_KEPT + DAY)
        assert not Complaint.objects.get().mail

    def test_programs_and_too_many_are_kept_out(self) -> None:
        assert self.client.post(reverse("aspiration-write"), self.form(website="https://x")).status_code == 200
        assert not Complaint.objects.exists()
        key = str(uuid4())
        statuses = [self.client.post(reverse("aspiration-write"), self.form(key=key)).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert Complaint.objects.count() == 1  # the same form sent again

    def test_a_report_costs_a_solution_which_counts_once(self) -> None:
        challenge = self.client.get(reverse("aspiration-challenge")).json()
        assert challenge["most"] == MOST
        sent = self.form(proof=solution(challenge))
        write = reverse("aspiration-write")
        wrong = json.loads(base64.b64decode(str(sent["proof"])))
        wrong["number"] += 1
        changed = base64.b64encode(json.dumps(wrong).encode()).decode()
        for proof in ("", "x", "bnVsbA==", changed):
            page = self.client.post(write, sent | {"proof": proof})
            assert page.status_code == 422, proof
            assert "kirim sekali lagi" in page.content.decode()
            assert "Sampah menumpuk" in page.content.decode()
        assert not Complaint.objects.exists()
        first = self.client.post(write, sent)
        assert first.status_code == 200
        again = self.client.post(write, sent)  # the answer was lost, or the page reloaded
        assert again.status_code == 200
        report = Complaint.objects.get()
        assert f"RA-{report.pk}" in again.content.decode()
        (secret,) = set(re.findall(r"<code>([A-Z0-9-]{19})</code>", (first.content + again.content).decode()))
        assert filing.by_secret(report.number, secret)
        Complaint.objects.update(created_at=timezone.now() - filing.SECRET_SHOWN)
        assert secret not in self.client.post(write, sent).content.decode()  # who finds the page on a shared phone
        assert self.client.post(write, sent | {"key": str(uuid4())}).status_code == 422
        assert Complaint.objects.count() == 1

        old = altcha.create_challenge(
            altcha.ChallengeOptions(
                max_number=1, hmac_key=settings.ALTCHA_HMAC_KEY, expires=timezone.now() - timedelta(seconds=1)
            )
        )
        expired = {"most": 1} | {name: getattr(old, name) for name in ("challenge", "salt", "algorithm", "signature")}
        assert self.client.post(write, self.form(proof=solution(expired))).status_code == 422
        public = a_complaint(self.world, "rubbish", published=True, place=None)
        following = self.client.post(reverse("aspiration-follow", args=[public.pk]), {"mail": "umar@example.com"})
        assert following.status_code == 422
        assert not ComplaintFollower.objects.exists()

    def test_bad_input_keeps_what_was_typed(self) -> None:
        for wrong, words in (
            ({"kind": complaint_kind("counter").code, "latitude": "", "longitude": ""}, "Pilih kantornya."),
            ({"latitude": "3.0"}, "Tanda minus"),
            ({"text": "x"}, "lebih banyak"),
            ({"happened_at": "2199-01-01T10:00"}, "belum tiba"),
            ({"office": "99.99"}, "99.99"),
            ({"mail": "x"}, "Laporan belum terkirim"),
            ({"key": "x"}, "Laporan belum terkirim"),
        ):
            page = self.client.post(reverse("aspiration-write"), self.form(**wrong))
            assert page.status_code == 422, wrong
            assert words in page.content.decode()
        assert "Sampah menumpuk" in page.content.decode()
        assert not Complaint.objects.exists()

    def test_a_similar_public_report_is_shown_while_writing_and_once_before_sending(self) -> None:
        known = a_complaint(self.world, "rubbish", published=True, place=None)
        a_complaint(self.world, "corruption", place=None)
        for where, shown in (
            ({"kind": "rubbish", "latitude": "-3.0005", "longitude": "104.7005"}, True),
            ({"kind": "rubbish", "latitude": "-3,0005", "longitude": "104,7005"}, True),
            ({"kind": "rubbish", "latitude": "-3.02", "longitude": "104.7005"}, False),
            ({"kind": "rubbish", "latitude": "-3.0005", "longitude": ""}, False),
            ({"kind": "rubbish", "office": "16.71.01.1001"}, True),
            ({"kind": "corruption", "latitude": "-3.0", "longitude": "104.7"}, False),
            ({"kind": "", "latitude": "x", "office": "y"}, False),
        ):
            part = self.client.get(reverse("aspiration-near"), where)
            assert (known.number in part.content.decode()) is shown, where
        near = self.form(latitude="-3.0005", longitude="104.7005")
        page = self.client.post(reverse("aspiration-write"), near)
        assert page.status_code == 422
        assert "Sudah dilaporkan?" in page.content.decode()
        assert Complaint.objects.count() == 2
        followed = self.client.post(reverse("aspiration-write"), near | {"follow": known.pk, "proof": solved()})
        assert followed.headers["Location"].startswith(reverse("aspiration", args=[known.pk]))
        assert known.followers.get().mail.reveal() == "siti@example.com"
        assert self.client.post(reverse("aspiration-write"), near | {"new": "1", "proof": solved()}).status_code == 200
        assert self.client.post(reverse("aspiration-write"), self.form(latitude="-3.02")).status_code == 200
        assert Complaint.objects.count() == 4

    def test_steps_need_what_they_need(self) -> None:
        report, other = a_complaint(self.world), a_complaint(self.world)
        for state, more, why in (
            (S.REJECTED, {}, ComplaintStepRefused.TEXT),
            (S.DONE, {"message": "Beres"}, ComplaintStepRefused.STATE),
            (S.DUPLICATE, {"duplicate_of": report}, ComplaintStepRefused.TARGET),
        ):
            with pytest.raises(ComplaintStepRefused, match=why):
                move(report, state, self.world, **more)
        seen = steps.ComplaintStepWanted(S.VERIFIED, 0)
        with pytest.raises(ComplaintStepRefused, match=ComplaintStepRefused.STALE):
            steps.take_complaint_step(report, seen, self.world.ani, MORNING)
        move(report, S.DUPLICATE, self.world, duplicate_of=other)
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=other.pk).update(state="duplicate")
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            ComplaintStep.objects.update(text="lain")

    def test_the_clock_counts_the_city_s_working_days(self) -> None:
        friday = MORNING - 3 * DAY
        HolidayOverride.objects.create(day=MORNING.date(), name="Libur kota")
        due = timezone.localtime(due_after(friday, 3))
        assert (due.date() - DAY, due.hour) == ((MORNING + 3 * DAY).date(), 0)  # Tuesday, Wednesday, Thursday

    def test_a_mail_that_was_not_taken_is_sent_later(self) -> None:
        filing.file_complaint(new_complaint(self.world, mail="siti@example.com"), MORNING)
        self.server.refuse["siti@example.com"] = "451 later"
        assert self.delivered(MORNING) == []
        self.server.refuse.clear()
        assert self.delivered(MORNING) == []  # not yet
        assert len(self.delivered(MORNING + timedelta(minutes=3))) == 1
        assert not ComplaintMail.objects.exists()

    def test_wrong_links_lead_nowhere(self) -> None:
        report = a_complaint(self.world)
        confirm, own = links.token(LinkKind.CONFIRM, report.pk), links.token(LinkKind.OWN, report.pk)
        for name, token in (
            ("aspiration-link", "x"),
            ("aspiration-link", own),
            ("aspiration-own", confirm),
            ("aspiration-link", links.token(LinkKind.STOP, 999)),
        ):
            assert self.client.get(reverse(name, args=[token])).status_code == 404
        follower = ComplaintFollower.objects.create(
            complaint=report, mail="u@example.com", language="id", created_at=MORNING
        )
        self.client.post(reverse("aspiration-link", args=[links.token(LinkKind.STOP, follower.pk)]))
        assert not ComplaintFollower.objects.exists()
