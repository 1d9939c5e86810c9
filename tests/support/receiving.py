"""Test classes with a receiver of pushes and webhooks on this machine."""

from tests.support.base import OfficeTestCase
from tests.support.push_service import PushService, push_service


class ReceiverCase(OfficeTestCase):
    """Whatever is sent comes to `service`, which starts each test with nothing received."""

    service: PushService

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.service = cls.enterClassContext(push_service())

    def setUp(self) -> None:
        super().setUp()
        self.service.got.clear()
        self.service.answers.clear()
