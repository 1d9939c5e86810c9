"""The users of tests/support/base.py with a phone each, subscribed at a push service on the loopback."""

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
    """Return MORNING plus that many minutes."""
    return MORNING + timedelta(minutes=minutes)


@override_settings(PUSH_PRIVATE_HOSTS=True)
class NoticeCase(ReceiverCase):
    """A test class in which every user has a phone; times are minutes after Monday 09.00."""

    def setUp(self) -> None:
        """Subscribe a phone for each user."""
        super().setUp()
        self.phones = {name: self.phone(name) for name in ("dewi", "budi", "citra", "eko", "walikota", "ani", "intan")}

    def phone(self, name: str, called: str = "") -> Browser:
        """Subscribe a phone of this user; `called` names its endpoint, if it is not the first."""
        browser = self.service.browser(called or name)
        user = getattr(self.world, name)
        devices.subscribe(user.pk, browser.subscription(), "Mozilla/5.0 (Linux; Android 14) Chrome/130.0", MORNING)
        return browser

    def run_at(self, minutes: float) -> None:
        """Queue and send notices as the worker does at that time, until none is due."""
        outbox.queue_notices(after(minutes))
        while notice_delivery.send_due(after(minutes)):
            pass

    def heard(self, name: str) -> list[str]:
        """Return the titles of the notices sent to the user's phone."""
        return [notice["title"] for notice in self.service.messages(self.phones[name])]

    def empty(self, **more: Any) -> Alert:
        """Store an absence since 08.50 with its indication of 09.00."""
        return self.world.accuse(self.world.counter(self.world.ilir35), 10, **more)

    def row(self, name: str, **which: Any) -> Delivery:
        """Return the user's only delivery that matches `which`."""
        return Delivery.objects.get(user=getattr(self.world, name), **which)
