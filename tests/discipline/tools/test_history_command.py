"""The demo's history is written to a demo without one and removed again; on real databases both are refused."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from discipline.alerts import from_flips
from discipline.alerts.models import Alert
from discipline.core import provenance
from discipline.core.models import DemoHistory
from discipline.ops import demo_data
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.staffing.models import Flip
from discipline.tools.demo import make_history, write_history
from offices.hours.models import HoursPlan
from offices.places.models import Counter
from tests.support.demo_history import DAYS, NOW, SEED, DemoTestCase, quiet


def counts() -> dict[str, int]:
    skipped = (DemoHistory,)
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model not in skipped}


class FreshTest(DemoTestCase):
    """The demo without a history yet."""

    def test_its_indications_are_those_that_the_settler_makes_of_its_flips(self) -> None:
        first, last = date(2026, 9, 1), date(2026, 9, 25)
        task = write_history.HistoryTask(8, first, last, NOW)
        write_history.write_days(task, Counter.objects.select_related("kelurahan__kecamatan"), quiet)
        columns = (
            "counter",
            "kind",
            "since",
            "raised_at",
            "ended_at",
            "ended_by",
            "superseded_by__since",
            "explain_by",
        )
        accusing = Alert.objects.filter(kind__in=ACCUSATIONS).order_by("counter", "raised_at", "pk")
        written = list(accusing.values_list(*columns))
        assert {row[1] for row in written} >= {"absence", "late_opening", "early_leave"}
        assert any(row[6] for row in written)
        Alert.objects.update(superseded_by=None)
        Alert.objects.all().delete()
        Flip.objects.update(alerted_at=None)
        while from_flips.raise_alerts():
            pass
        assert list(accusing.values_list(*columns)) == written

    def test_the_database_is_as_it_was(self) -> None:
        before = counts()
        made, _ = make_history.create_history(DAYS, SEED, NOW, quiet)
        assert counts() != before
        messages: list[str] = []
        make_history.delete_history(NOW, messages.append)
        assert counts() == before
        assert any("flip removed" in line for line in messages)
        assert provenance.current_history() is None
        assert not provenance.is_made_up(made.until - timedelta(days=1))

    def test_what_has_no_sense_is_refused(self) -> None:
        assert "no made-up history" in self.refused("--forget-history")
        for days in ("0", "-3", "4000"):
            assert "1 to 1830 days" in self.refused("--history", days)
        HoursPlan.objects.exclude(source=demo_data.MARK).delete()
        assert "No counter has service hours" in self.refused("--history", "9")
        assert not DemoHistory.objects.exists()

    def test_a_database_that_is_not_the_demos_gets_none(self) -> None:
        HoursPlan.objects.filter(source=demo_data.MARK).delete()
        assert "not the demo's" in self.refused("--history", "9")
        assert "not the demo's" in self.refused("--forget-history")
        assert not DemoHistory.objects.exists()

    def test_the_command_says_what_it_wrote_and_how_to_remove_it(self) -> None:
        out = StringIO()
        call_command("demo", "--history", "5", "--seed", "3", stdout=out)
        assert "indications" in out.getvalue()
        assert "--forget-history" in out.getvalue()
        assert "already" in self.refused("--history", "9")
        call_command("demo", "--forget-history", stdout=out)
        assert not Flip.objects.exists()

    def refused(self, *arguments: str) -> str:
        with pytest.raises(CommandError) as error:
            call_command("demo", *arguments, stdout=StringIO())
        return str(error.value)
