"""The same step from several pages at once: taken once; the others get a notice that their page is outdated."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from discipline.reports.signing import taking
from discipline.reports.signing.models import MonthSnapshot, SigningStep
from discipline.reports.signing.page import signing_page
from discipline.reports.signing.steps import SignStep, StepRefused
from tests.support.base import PASSWORD, World
from tests.support.months import ilir_barat, last_month, month_with_an_absence

AT_ONCE = 4  # fewer than the wrong passwords allowed: each counts as an attempt until it has been verified


@pytest.mark.django_db(transaction=True)
def test_of_four_at_once_exactly_one_signs() -> None:
    world = World()
    month_with_an_absence(world)
    place, month, now = ilir_barat(world), last_month(), timezone.now()
    seen = signing_page(place, month, world.budi, now)
    taking.take_step(place, month, world.budi, taking.StepRequest(SignStep.REVIEWED, None, seen.sha256), now)
    seen = signing_page(place, month, world.budi, now)
    word = taking.StepRequest(SignStep.SIGNED, seen.seen, seen.sha256, password=PASSWORD)
    together = threading.Barrier(AT_ONCE)
    refused: list[str] = []

    def sign() -> None:
        try:
            together.wait(30)
            taking.take_step(place, month, world.budi, word, now)
        except StepRefused as why:
            refused.append(why.why)
        finally:
            connection.close()

    threads: list[Any] = [threading.Thread(target=sign) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [StepRefused.STALE] * (AT_ONCE - 1)
    assert MonthSnapshot.objects.count() == 1
    assert list(SigningStep.objects.values_list("what", flat=True)) == ["reviewed", "signed"]
