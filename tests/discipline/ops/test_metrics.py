"""/metrics: the figures of /healthz for Prometheus, for who knows the token."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from discipline.core.heartbeats import LIMITS_S, beat
from discipline.ops import health
from streams.cameras.models import Camera, Watcher
from streams.source import newest_picture
from tests.support.cameras import palembang_office
from tests.support.stores import empty_stores


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    empty_stores()
    health.shared.forget()
    yield
    health.shared.forget()


def scrape() -> dict[str, float]:
    """Return the samples as Prometheus' own parser reads them: `name{label}` without the label's name."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {health.health_token()}"})
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            label = "".join(f"{{{value}}}" for value in sample.labels.values())
            found[sample.name + label] = sample.value
    return found


def test_strangers_learn_nothing() -> None:
    answer = Client().get("/metrics")
    assert (answer.status_code, answer.content) == (401, b"")
    assert Client().get("/metrics", headers={"Authorization": "Bearer guessed"}).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_system_that_works_shows_its_figures() -> None:
    now = timezone.now()
    for part in LIMITS_S:
        beat(part)
    Watcher.objects.create(name="satu", started_at=now, seen_at=now, cameras=1, looks_per_minute=12.0, dropped=3)
    camera = Camera.objects.create(kelurahan=palembang_office(), name="Pintu", url="rtsp://127.0.0.1:1/x")
    newest_picture.store_health({camera.pk: {"state": "online", "at": now.isoformat()}})
    found = scrape()
    assert found["sidak_up"] == 1
    assert found["sidak_failing{worker}"] == 0
    assert (found["sidak_cameras{total}"], found["sidak_cameras{online}"]) == (1, 1)
    assert (found["sidak_looks_per_minute"], found["sidak_dropped"]) == (12, 3)
    assert found["sidak_incident"] == 0
    assert 0 <= found["sidak_beat_age_seconds{sweep}"] < 25
    assert found["sidak_evidence_bytes{free}"] > 0
    assert "sidak_evidence_bytes{used}" not in found  # not measured yet


@pytest.mark.django_db(transaction=True)
def test_a_part_that_fails_is_named() -> None:
    found = scrape()
    assert found["sidak_up"] == 0
    assert (found["sidak_failing{watch}"], found["sidak_failing{database}"]) == (1, 0)
