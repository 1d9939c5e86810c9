"""Several decisions at the same moment: one is recorded, the others are asked to read it first."""

import threading
from typing import Any

import pytest
from django.db import connection

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.alerts.models import Alert, Decision
from discipline.core.dialogue import NotAllowed
from tests.support.base import MORNING, World

AT_ONCE = 6


@pytest.mark.django_db(transaction=True)
def test_of_six_at_once_exactly_one_decides() -> None:
    world = World()
    alert = world.accuse(world.counter(world.ilir35))
    together = threading.Barrier(AT_ONCE)
    heard: list[DecisionAct] = []
    refused: list[str] = []

    def decide(act: DecisionAct) -> None:
        try:
            together.wait(30)
            record_decision(alert, world.budi, DecisionStatement(act, None, "lain", "karena"), MORNING)
            heard.append(act)
        except NotAllowed as why:
            refused.append(why.why)
        finally:
            connection.close()

    acts = [DecisionAct.CONFIRMED, DecisionAct.EXCUSED, DecisionAct.FALSE_ALARM] * (AT_ONCE // 3)
    threads: list[Any] = [threading.Thread(target=decide, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [NotAllowed.STALE] * (AT_ONCE - 1)
    assert [row.what for row in Decision.objects.all()] == heard
    assert Alert.objects.get().outcome == heard[0]
