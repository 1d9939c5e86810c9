"""Measures the time from a flip in the ledger to a message delivered to a push service, beside a running demo.

PUSH_PRIVATE_HOSTS=1 make run, and beside it: .venv/bin/python tests/measure/measure_push.py [--seconds 120]
The demo's mayor gets a device on a push service on the loopback, and a rule that sends every indication at once.
Prints one JSON line: indications, sent, messages opened, ms {p50, p95, max} from noticed_at to the service's answer.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")
os.environ["PUSH_PRIVATE_HOSTS"] = "1"
from discipline.ops.local import embedded

embedded.ensure_servers()
import django  # noqa: E402

django.setup()
from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import timezone  # noqa: E402

from discipline.alerts.models import Alert  # noqa: E402
from discipline.notices import devices  # noqa: E402
from discipline.notices.models import Delivery, NoticeRule  # noqa: E402
from discipline.notices.rule import Mode  # noqa: E402
from discipline.staffing.alert_kinds import ACCUSATIONS  # noqa: E402
from discipline.staffing.models import Flip  # noqa: E402
from tests.support.push_service import push_service  # noqa: E402


def measure(seconds: int) -> dict[str, Any]:
    """Return the figures of the flips noticed in that many seconds."""
    mayor = get_user_model().objects.get(username="walikota").pk
    rule, _ = NoticeRule.objects.get_or_create(user_id=mayor)
    before = rule.modes, rule.min_minutes
    rule.modes, rule.min_minutes = dict.fromkeys(ACCUSATIONS, Mode.NOW), 0
    rule.save()
    with push_service() as service:
        phone = service.browser("phone")
        device = devices.subscribe(mayor, phone.subscription(), "", timezone.now())
        began = timezone.now()
        time.sleep(seconds)
        ended = timezone.now()
        time.sleep(20)
        opened = len(service.messages(phone))
    devices.revoke(device, timezone.now())
    rule.modes, rule.min_minutes = before
    rule.save()
    sent = {
        row.subject_key: row.ended_at for row in Delivery.objects.filter(device=device, state="sent") if row.ended_at
    }
    alerts_due: list[Alert] = []
    delays_ms: list[float] = []
    for flip in Flip.objects.filter(noticed_at__gt=began, noticed_at__lt=ended):
        alerts = Alert.objects.filter(counter=flip.counter_id, raised_at=flip.at, kind__in=ACCUSATIONS)
        for alert in alerts.filter(supersedes=None):
            alerts_due.append(alert)
            if at := sent.get(f"alert:{alert.pk}"):
                delays_ms.append((at - flip.noticed_at).total_seconds() * 1000)
    cuts = statistics.quantiles(delays_ms, n=100, method="inclusive")
    return {
        "indications": len(alerts_due),
        "sent": len(delays_ms),
        "messages": opened,
        "ms": {"p50": round(cuts[49]), "p95": round(cuts[94]), "max": round(max(delays_ms))},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=120)
    sys.stdout.write(json.dumps(measure(parser.parse_args().seconds)) + "\n")


if __name__ == "__main__":
    main()
