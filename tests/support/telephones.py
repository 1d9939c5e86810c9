"""The people of tests/support/base.py with a telephone each, on a push service of this machine."""

from datetime import datetime, timedelta
from typing import Any

from django.test import override_settings

from discipline.alerts.models import Alert
from discipline.notices import delivery as notice_delivery
from discipline.notices import devices, outbox
from discipline.notices.models import Delivery
from tests.support.base import MORNING
from tests.support.push_service import Browser
from tests.support.receiving import ReceiverCase

SENT, QUEUED, FAILED, SKIPPED = "sent", "queued", "failed", "skipped"


def after(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


@override_settings(PUSH_PRIVATE_HOSTS=True)
class NoticeCase(ReceiverCase):
    """Everybody has a phone; the world's clock stands at Monday 09.00."""

    def setUp(self) -> None:
        super().setUp()
        self.phones = {name: self.phone(name) for name in ("dewi", "budi", "citra", "eko", "walikota", "ani", "intan")}

    def phone(self, name: str, called: str = "") -> Browser:
        browser = self.service.browser(called or name)
        user = getattr(self.world, name)
        devices.subscribe(user.pk, browser.subscription(), "Mozilla/5.0 (Linux; Android 14) Chrome/130.0", MORNING)
        return browser

    def run_at(self, minutes: float) -> None:
        """What the worker does at that time, until nothing is left."""
        outbox.queue_notices(after(minutes))
        while notice_delivery.send_due(after(minutes)):
            pass

    def heard(self, name: str) -> list[str]:
        """The titles that somebody's phone was sent."""
        return [told["title"] for told in self.service.messages(self.phones[name])]

    def empty(self, **more: Any) -> Alert:
        """Empty since 08.50, an indication since 09.00 sharp."""
        return self.world.accuse(self.world.counter(self.world.ilir35), 10, **more)

    def row(self, name: str, **which: Any) -> Delivery:
        return Delivery.objects.get(user=getattr(self.world, name), **which)
