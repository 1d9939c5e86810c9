"""Reports on a site with a mail server, for the tests of their ways."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.core.cache import cache
from django.test import override_settings

from discipline.complaints.mailing import mails
from discipline.complaints.state_rule import ComplaintState
from tests.support.base import OfficeTestCase
from tests.support.complaints import solved
from tests.support.mail_server import MailServer, mail_server

S = ComplaintState
DAY = timedelta(days=1)


class ComplaintTestCase(OfficeTestCase):
    """With a mail server that gets what is sent to residents, and an empty cache."""

    server: MailServer

    @classmethod
    def setUpClass(cls) -> None:
        """Start the mail server."""
        super().setUpClass()
        cls.server = cls.enterClassContext(mail_server())
        cls.enterClassContext(override_settings(**cls.server.settings(), EMAIL_URL="smtp://127.0.0.1"))

    def setUp(self) -> None:
        """Forget what earlier tests sent, and their rates."""
        self.server.got.clear()
        cache.clear()

    def form(self, **more: object) -> dict[str, object]:
        """Return what a resident's form sends, about rubbish at a pin; `more` are other fields."""
        known = {
            "kind": "rubbish",
            "latitude": "-3.001",
            "longitude": "104.701",
            "text": "Sampah menumpuk di tepi jalan",
        }
        return known | {"mail": "siti@example.com", "key": str(uuid4()), "proof": solved()} | more

    def delivered(self, at: datetime) -> list[str]:
        """Send what waits; return the texts with their receivers."""
        self.server.got.clear()
        mails.send_waiting(at)
        return [f"{one['To']} {one['Subject']} {one.get_content()}" for one in self.server.got]
