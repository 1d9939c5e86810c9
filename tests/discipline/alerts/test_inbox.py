"""The list of indications for a camat: what is in a row, several excused at once, and letters after the decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.inbox import queries as inbox
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import UNDO, NotAllowed
from discipline.notices.models import Delivery
from offices.access.gate import scope_of
from tests.support.base import MORNING, OfficeTestCase

JSON = {"Accept": "application/json"}


class InboxCase(OfficeTestCase):
    def setUp(self) -> None:
        until = MORNING + timedelta(days=3)
        self.first = self.world.accuse(self.world.counter(self.world.ilir35), explain_by=until)
        self.second = self.world.accuse(self.world.counter(self.world.ilir35, 2), explain_by=until)
        self.foreign = self.world.accuse(self.world.counter(self.world.ulu5), explain_by=until)
        self.client.force_login(self.world.budi)

    def add(self, alert: Alert, act: DecisionAct, reason: str = "", text: str = "", after: int = 0) -> Decision:
        user = self.world.dewi if act is DecisionAct.EXPLAINED else self.world.budi
        newest = alert.decisions.order_by("-pk").first()
        statement = DecisionStatement(act, newest.pk if newest else None, reason, text)
        return record_decision(alert, user, statement, timezone.now() + timedelta(minutes=after))

    def outcomes(self) -> list[str]:
        return [Alert.objects.get(pk=alert.pk).outcome for alert in (self.first, self.second, self.foreign)]

    def page(self, query: str = "tahap=putuskan") -> str:
        return self.client.get(f"{reverse('indications')}?{query}").content.decode()

    def excuse(self, *chosen: str, **form: Any) -> Any:
        return self.client.post(reverse("indications-excuse"), {"pilih": chosen} | form, headers=JSON)

    def waiting(self) -> int:
        return inbox.count_waiting(scope_of(self.world.budi), MORNING)["putuskan"]


class Rows(InboxCase):
    def test_a_row_says_what_the_lurah_wrote_and_the_page_takes_the_reason_over(self) -> None:
        self.add(self.first, DecisionAct.EXPLAINED, "dinas_luar", "Rapat di kecamatan")
        page = self.page()
        assert "<b>Dinas luar</b> · Rapat di kecamatan" in page
        detail = self.client.get(reverse("indication", args=[self.first.pk])).content.decode()
        assert '<option value="dinas_luar" selected>' in detail
        assert detail.index("Penjelasan lurah") < detail.index('id="excuse-reason"')

    def test_a_row_without_an_explanation_says_until_when_it_can_come(self) -> None:
        Alert.objects.filter(pk=self.first.pk).update(explain_by=timezone.now() + timedelta(days=400))
        assert "paling lambat" in self.page("tahap=jelaskan")

    def test_only_who_decides_can_choose_rows(self) -> None:
        assert self.page("tahap=semua").count('name="pilih"') == 2
        for user in (self.world.walikota, self.world.dewi, self.world.ani, self.world.intan):
            self.client.force_login(user)
            assert 'name="pilih"' not in self.page("tahap=semua")

    def test_an_explanation_of_what_it_superseded_counts_as_its_own(self) -> None:
        self.add(self.first, DecisionAct.EXPLAINED, "apel")
        Alert.objects.filter(pk=self.first.pk).update(superseded_by=self.second)
        assert "<b>Apel atau upacara</b>" in self.page()
        assert self.excuse(f"{self.second.pk}:").status_code == 200
        assert Decision.objects.get(alert=self.second).reason == "apel"


class Together(InboxCase):
    def test_each_gets_the_reason_of_its_lurah_and_a_line_of_its_own(self) -> None:
        lines = [
            self.add(alert, DecisionAct.EXPLAINED, reason)
            for alert, reason in ((self.first, "apel"), (self.second, "sakit"))
        ]
        answer = self.excuse(f"{self.first.pk}:{lines[0].pk}", f"{self.second.pk}:{lines[1].pk}").json()
        assert [one["alert"] for one in answer["done"]] == [self.first.pk, self.second.pk]
        assert answer["waiting"]["putuskan"] == 0
        assert answer["undo_until"]
        assert self.outcomes() == ["excused", "excused", ""]
        assert [row.reason for row in Decision.objects.filter(what="excused").order_by("pk")] == ["apel", "sakit"]

    def test_what_was_refused_is_named_and_stops_no_other(self) -> None:
        line = self.add(self.first, DecisionAct.EXPLAINED, "apel")
        answer = self.excuse(f"{self.first.pk}:{line.pk}", f"{self.second.pk}:")
        assert answer.status_code == 200
        assert "Lurah belum menjelaskan" in answer.json()["message"]
        assert self.outcomes() == ["excused", "", ""]
        stale = self.excuse(f"{self.second.pk}:{line.pk}", reason="izin")
        assert stale.status_code == 409
        assert "baru saja masuk" in stale.json()["message"]

    def test_another_kecamatan_and_nonsense_are_left_out(self) -> None:
        assert self.excuse(f"{self.foreign.pk}:", "x:1", "", f"{self.first.pk}:y", reason="izin").status_code == 409
        assert self.excuse(f"{self.first.pk}:", reason="staff_there").status_code == 409
        self.client.force_login(self.world.walikota)
        assert self.excuse(f"{self.first.pk}:", reason="izin").status_code == 409
        assert self.outcomes() == ["", "", ""]

    def test_without_scripts_the_list_comes_back_with_a_message(self) -> None:
        form = {"pilih": [f"{self.first.pk}:"], "reason": "izin"}
        page = self.client.post(reverse("indications-excuse"), form, follow=True).content.decode()
        assert "1 indikasi diberi izin" in page
        page = self.client.post(reverse("indications-excuse"), {}, follow=True).content.decode()
        assert "Pilih dulu indikasinya" in page

    def test_scripts_get_the_line_to_undo_and_can_undo_it(self) -> None:
        address = reverse("indication-decide", args=[self.first.pk])
        answer = self.client.post(address, {"act": "confirmed", "last_seen": ""}, headers=JSON).json()
        (done,) = answer["done"]
        assert done == {
            "alert": self.first.pk,
            "line": Decision.objects.get().pk,
            "address": address,
            "outcome": "confirmed",
            "word": "Dikonfirmasi",
        }
        undone = self.client.post(address, {"act": "undone", "last_seen": done["line"]}, headers=JSON).json()
        assert undone["undo_until"] is None
        assert self.outcomes()[0] == ""
        assert [row.what for row in self.first.decisions.all()] == ["confirmed", "undone"]


class LateLetters(InboxCase):
    def setUp(self) -> None:
        super().setUp()
        type(self.world.budi).objects.filter(username="budi").update(email="budi@example.test")
        self.add(self.first, DecisionAct.CONFIRMED)
        assert self.waiting() == 0
        self.add(self.first, DecisionAct.EXPLAINED, "dinas_luar", "Surat tugas menyusul", after=1)

    def test_a_letter_on_a_decided_indication_comes_back_to_the_camat(self) -> None:
        assert self.waiting() == 1
        page = self.page()
        assert "Surat baru" in page
        assert "Surat tugas menyusul" in page
        assert "Surat baru atas keputusan Anda" in Delivery.objects.latest("pk").title

    def test_the_camat_says_that_it_stays_and_it_is_in_the_history(self) -> None:
        self.add(self.first, DecisionAct.UPHELD, after=2)
        assert self.waiting() == 0
        assert self.outcomes()[0] == "confirmed"
        assert [row.what for row in self.first.decisions.all()] == ["confirmed", "explained", "upheld"]
        with pytest.raises(NotAllowed):
            self.add(self.first, DecisionAct.UPHELD, after=3)
        self.add(self.first, DecisionAct.EXPLAINED, "lain", "Satu surat lagi", after=4)
        assert self.waiting() == 1

    def test_the_camat_decides_otherwise(self) -> None:
        self.add(
            self.first, DecisionAct.EXCUSED, "dinas_luar", "Surat tugas ada", after=int(UNDO.total_seconds() // 60)
        )
        assert self.waiting() == 0
        assert self.outcomes()[0] == "excused"

    def test_nobody_else_says_that_it_stays(self) -> None:
        for user in (self.world.dewi, self.world.walikota):
            newest = self.first.decisions.order_by("-pk").first()
            assert newest
            with pytest.raises(NotAllowed):
                record_decision(
                    self.first,
                    user,
                    DecisionStatement(DecisionAct.UPHELD, newest.pk),
                    timezone.now() + timedelta(hours=1),
                )
        assert self.waiting() == 1

    def test_without_a_decision_there_is_nothing_to_uphold(self) -> None:
        self.add(self.second, DecisionAct.EXPLAINED, "apel")
        with pytest.raises(NotAllowed):
            self.add(self.second, DecisionAct.UPHELD)
