"""A test class with a receiver of pushes and webhooks on the loopback."""

from tests.support.base import OfficeTestCase
from tests.support.push_service import PushService, push_service


class ReceiverCase(OfficeTestCase):
    """A test class whose pushes and webhooks go to `service`, which each test finds empty."""

    service: PushService

    @classmethod
    def setUpClass(cls) -> None:
        """Start the receiver."""
        super().setUpClass()
        cls.service = cls.enterClassContext(push_service())

    def setUp(self) -> None:
        """Drop the requests and answers of the test before."""
        super().setUp()
        self.service.got.clear()
        self.service.answers.clear()
