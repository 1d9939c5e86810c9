"""The history's older months are signed, and go with it."""

from datetime import date

from discipline.reports.signing import amending, verifying
from discipline.reports.signing.models import MonthReport, MonthSnapshot, SigningStep
from discipline.tools.demo import make_history
from tests.support.demo_history import NOW, SEED, DemoTestCase, quiet


class SignedMonths(DemoTestCase):
    def test_a_whole_month_is_signed_in_time_stays_as_it_was_and_goes_with_the_history(self) -> None:
        make_history.create_history(55, SEED, NOW, quiet)  # from 29 September, November goes on
        reports = MonthReport.objects.all()
        assert {(report.kecamatan.name, report.month) for report in reports} == {
            ("Ilir Barat I", date(2026, 10, 1)),
            ("Kemuning", date(2026, 10, 1)),
        }
        assert {report.state for report in reports} == {MonthReport.State.SENT}
        assert {step.at.date() for step in SigningStep.objects.all()} == {date(2026, 11, 4)}
        assert all(not found.broken for found in verifying.verify_months())
        assert amending.note_amendments(NOW) == 0
        make_history.delete_history(NOW, quiet)
        assert not any(model.objects.exists() for model in (MonthReport, MonthSnapshot, SigningStep))
