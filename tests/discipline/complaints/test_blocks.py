"""What is blocked is held back, counted, lifted and forgotten."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from discipline.complaints.blocks import keeping
from discipline.complaints.blocks.block_rule import BlockKind, folded, own_network, wide_network
from discipline.complaints.blocks.keeping import BlockRefused, BlockWanted
from discipline.complaints.blocks.models import ComplaintBlock
from discipline.complaints.models import Complaint
from tests.support.base import OfficeTestCase
from tests.support.complaints import a_complaint, complaint_kind, solved
from tests.support.refusals import refusal

DAY = timedelta(days=1)
HELD = "untuk sementara tidak dapat diterima"


def test_networks_and_phrases_are_compared_by_what_they_mean() -> None:
    assert (own_network("203.0.113.7"), wide_network("203.0.113.7")) == ("203.0.113.7/32", "203.0.113.0/24")
    assert own_network("2001:db8::1") == own_network("2001:db8::2") == "2001:db8::/64"
    assert wide_network("2001:db8:0:5::1") == "2001:db8::/48"
    assert folded(" Pinjaman\n KILAT  \uff11") == "pinjaman kilat 1"


class Blocks(OfficeTestCase):
    def setUp(self) -> None:
        cache.clear()

    def send(
        self, address: str = "203.0.113.7", text: str = "Sampah menumpuk di tepi jalan", kind: str = "rubbish"
    ) -> int:
        sent = {"kind": complaint_kind(kind).code, "latitude": "-3.001", "longitude": "104.701", "text": text}
        page = self.client.post(
            reverse("aspiration-write"),
            sent | {"key": str(uuid4()), "proof": solved(), "new": "1"},
            REMOTE_ADDR=address,
        )
        if page.status_code == 403:
            assert HELD in page.content.decode()
            assert text in page.content.decode()
        return page.status_code

    def block(self, report: Complaint, kind: BlockKind, **more: object) -> str:
        sent = {"kind": kind.value, "days": "7", "reason": "Iklan berulang"} | more
        return self.client.post(reverse("complaint-block", args=[report.pk]), sent, follow=True).content.decode()

    def test_a_sender_is_blocked_from_a_report_and_the_block_is_lifted(self) -> None:
        assert self.send() == 200
        report = Complaint.objects.get()
        assert "203" not in report.sender_address
        assert len(report.sender_address) == len(report.sender_network) == 64
        self.client.force_login(self.world.ani)
        assert "Blokir pengirim atau frasa" in self.client.get(reverse("complaint", args=[report.pk])).content.decode()
        assert "Tulis alasannya." in self.block(report, BlockKind.ADDRESS, reason="")
        assert "Paling lama 7 hari untuk jaringan" in self.block(report, BlockKind.NETWORK, days="8")
        assert "Diblokir: Alamat internet pengirim." in self.block(report, BlockKind.ADDRESS)
        self.client.logout()
        assert (self.send(), self.send("203.0.113.8")) == (403, 200)
        assert self.send(kind="corruption") == 200  # what operators block holds back nothing for the inspectorate
        self.client.force_login(self.world.ani)
        page = self.client.get(reverse("complaint-blocks")).content.decode()
        assert re.search("Iklan berulang.*1 kali menahan", page, re.DOTALL)
        row = ComplaintBlock.objects.get()
        lift = reverse("complaint-block-lift", args=[row.pk])
        assert self.client.post(lift).status_code == 302
        assert self.client.post(lift).status_code == 404
        history = self.client.get(reverse("complaint", args=[report.pk])).content.decode()
        assert "Alamat internet pengirim, 7 hari: Iklan berulang" in history
        assert "menahan 1 kiriman" in history
        self.client.logout()
        assert self.send() == 200

    def test_networks_mail_addresses_and_phrases_are_blocked(self) -> None:
        self.send()
        now = timezone.now()
        report = Complaint.objects.get()
        for kind, more in ((BlockKind.NETWORK, {}), (BlockKind.PHRASE, {"phrase": "pinjaman  Kilat"})):
            keeping.block(report, BlockWanted(kind, 7, "Iklan", **more), self.world.ani, now)
        assert self.send("203.0.113.99") == 403
        assert self.send("198.51.100.1") == 200
        assert self.send("198.51.100.1", "Butuh PINJAMAN\nkilat? Hubungi kami") == 403
        mailed = a_complaint(self.world, mail="Siti@example.com")
        keeping.block(mailed, BlockWanted(BlockKind.MAIL, 7, "Iklan"), self.world.ani, now)
        unknown = keeping.sender_hashes(None)
        assert keeping.is_held_back(unknown, "siti@EXAMPLE.com", "", now)
        assert not keeping.is_held_back(unknown, "umar@example.com", "", now)
        for wanted, why in (
            (BlockWanted(BlockKind.PHRASE, 7, "Iklan", "abc"), BlockRefused.PHRASE),
            (BlockWanted(BlockKind.ADDRESS, 7, "Iklan"), BlockRefused.UNKNOWN),  # sent without an address
        ):
            assert refusal(BlockRefused, partial(keeping.block, mailed, wanted, self.world.ani, now)) == why

    def test_blocks_and_senders_are_forgotten(self) -> None:
        self.send()
        report, now = Complaint.objects.get(), timezone.now()
        keeping.block(report, BlockWanted(BlockKind.ADDRESS, 7, "Iklan"), self.world.ani, now)
        keeping.forget(now + 6 * DAY)
        assert ComplaintBlock.objects.exists()
        assert not keeping.is_held_back(keeping.sender_hashes("203.0.113.7"), "", "", now + 8 * DAY)
        keeping.forget(now + 8 * DAY)
        assert not ComplaintBlock.objects.exists()
        assert Complaint.objects.get().sender_address
        keeping.forget(now + keeping.SENDER_KEPT + DAY)
        assert Complaint.objects.get().sender_address == Complaint.objects.get().sender_network == ""
        with pytest.raises(BlockRefused):
            keeping.block(Complaint.objects.get(), BlockWanted(BlockKind.ADDRESS, 7, "x"), self.world.ani, now)
