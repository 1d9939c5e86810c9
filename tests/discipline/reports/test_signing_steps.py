"""The steps from draft to sent: who may take them, and when they are refused."""

import pytest

from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.reports.signing import taking
from discipline.reports.signing.models import MonthReport, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import MonthState, SignStep, StepRefused
from discipline.reports.signing.taking import StepRequest
from offices.accounts import passwords
from tests.support.signing import LATER, NOVEMBER, NOW, SigningTestCase


class Taking(SigningTestCase):
    def test_only_the_camat_of_the_kecamatan_takes_steps(self) -> None:
        world = self.world
        for user in (world.walikota, world.ani, world.intan, world.citra, world.dewi, world.tamu):
            with pytest.raises(StepRefused) as refusal:
                taking.take_step(self.place, NOVEMBER, user, StepRequest(SignStep.REVIEWED, None), NOW)
            assert refusal.value.why == StepRefused.ROLE
        assert not MonthReport.objects.exists()

    def test_a_password_is_asked_again_and_may_be_wrong_five_times(self) -> None:
        self.take(SignStep.REVIEWED)
        for _ in range(passwords.FREE_HERE):
            assert self.refused(SignStep.SIGNED, password="bukan") == StepRefused.PASSWORD
        assert self.refused(SignStep.SIGNED) == StepRefused.TRIES

    def test_a_decision_between_looking_and_signing_is_shown_first(self) -> None:
        self.take(SignStep.REVIEWED)
        seen = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        self.excuse()
        assert self.refused(SignStep.SIGNED, sha256=seen.sha256) == StepRefused.RECOUNTING
        rollups.recount_marked(NOW)
        assert self.refused(SignStep.SIGNED, sha256=seen.sha256) == StepRefused.CHANGED
        again = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        assert len(again.since_review) == 2
        assert again.sha256 != seen.sha256
        self.take(SignStep.SIGNED)
        assert not signing_page(self.place, NOVEMBER, self.world.budi, NOW).since_review

    def test_a_month_whose_last_day_is_not_counted_yet_waits(self) -> None:
        DayTally.objects.filter(day=NOVEMBER.last).delete()  # as after beat has not run
        assert self.refused(SignStep.REVIEWED) == StepRefused.RECOUNTING
        rollups.rebuild_days(NOVEMBER.last, NOVEMBER.last, NOW)
        self.take(SignStep.REVIEWED)

    def test_a_step_from_an_outdated_page_is_refused(self) -> None:
        old = signing_page(self.place, NOVEMBER, self.world.budi, NOW)
        self.take(SignStep.REVIEWED)
        word = StepRequest(SignStep.REVIEWED, old.seen, old.sha256)
        with pytest.raises(StepRefused) as refusal:
            taking.take_step(self.place, NOVEMBER, self.world.budi, word, NOW)
        assert refusal.value.why == StepRefused.STALE

    def test_it_goes_back_with_a_reason_and_the_history_keeps_all(self) -> None:
        self.take(SignStep.REVIEWED)
        self.take(SignStep.RETURNED, text="Apel belum dicatat")
        self.excuse()
        rollups.recount_marked(NOW)
        assert not signing_page(self.place, NOVEMBER, self.world.budi, NOW).since_review  # it is a draft again
        self.sign()
        self.take(SignStep.SENT)
        steps = [(row.what, row.text) for row in SigningStep.objects.order_by("pk")]
        assert steps == [
            ("reviewed", ""),
            ("returned", "Apel belum dicatat"),
            ("reviewed", ""),
            ("signed", ""),
            ("sent", ""),
        ]
        assert MonthReport.objects.get().state == MonthState.SENT

    def test_an_amendment_is_acknowledged_under_its_hash(self) -> None:
        self.sign()
        self.excuse_late()
        assert self.refused(SignStep.ACKNOWLEDGED, sha256="0" * 64) == StepRefused.CHANGED
        self.take(SignStep.ACKNOWLEDGED, LATER)
        seen = signing_page(self.place, NOVEMBER, self.world.budi, LATER)
        assert seen.amendments[0].signature
        assert seen.possible == [SignStep.SENT]

    def test_whoever_signs_is_warned_of_what_is_open(self) -> None:
        warnings = [one.text for one in signing_page(self.place, NOVEMBER, self.world.budi, NOW).warnings]
        assert warnings[0] == "1 indikasi belum Anda putuskan."
        assert warnings[1].startswith(
            "2 loket terlalu sedikit terpantau (di bawah 60 persen): Loket 1, Kelurahan 35 Ilir; "
        )
