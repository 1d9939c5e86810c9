"""Failures between queue and phone: scopes and devices that are removed, services and workers that fail."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import ClassVar
from unittest import mock

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TransactionTestCase, override_settings

from discipline.alerts import notice_subjects
from discipline.celery import app
from discipline.notices import delivery as notice_delivery
from discipline.notices import devices, outbox, subjects
from discipline.notices.channels import CHANNELS, Channel
from discipline.notices.models import Delivery, Device
from discipline.notices.rule import BACKOFF_S
from discipline.notices.senders import Address, Message, Reachable
from offices.access.models import Membership
from streams.servers import task_queue
from tests.support.base import MORNING, World
from tests.support.push_service import push_service
from tests.support.telephones import FAILED, QUEUED, SENT, NoticeCase, after


class Loudspeaker:
    """A fictitious channel that reaches every user with an e-mail address."""

    messages: ClassVar[list[str]] = []

    def addresses(self, person: Reachable) -> Iterable[Address]:
        return [Address("loudspeaker", person.mail)] if person.mail else []

    def send(self, to: Address, message: Message, once: str) -> None:
        del once  # unused
        self.messages.append(f"{to.target}: {message.title}")


class OneMoreChannel(NoticeCase):
    def test_a_row_and_a_sender_are_all_that_it_takes(self) -> None:
        get_user_model().objects.filter(pk=self.world.dewi.pk).update(email="dewi@example.test")
        row = Channel("loudspeaker", "Pengeras suara", f"{__name__}.Loudspeaker")
        with mock.patch.dict(CHANNELS, loudspeaker=row):
            self.empty()
            self.run_at(0)
            assert [message.partition(" ")[0] for message in Loudspeaker.messages] == ["dewi@example.test:"]
            assert Delivery.objects.get(channel="loudspeaker").state == SENT
            self.client.force_login(self.world.dewi)
            self.assertContains(self.client.get("/pemberitahuan/"), "Pengeras suara")
            answer = self.client.post("/pemberitahuan/coba/", {"channel": "loudspeaker"}, follow=True)
            self.assertContains(answer, "Percobaan diserahkan")
        assert len(Loudspeaker.messages) == 2


class OnTheWay(NoticeCase):
    def test_a_user_who_lost_the_office_before_delivery_gets_nothing(self) -> None:
        self.empty()
        self.run_at(0)
        Membership.objects.filter(user=self.world.budi).update(kecamatan=self.world.kecamatan["16.71.02"])
        self.run_at(15)
        assert (self.heard("budi"), self.row("budi").why) == ([], "scope")

    def test_a_deactivated_account_gets_nothing(self) -> None:
        self.empty()
        self.run_at(0)
        get_user_model().objects.filter(pk=self.world.budi.pk).update(is_active=False)
        self.run_at(15)
        assert (self.heard("budi"), self.row("budi").why) == ([], "scope")

    def test_a_revoked_device_hears_nothing_more(self) -> None:
        self.empty()
        outbox.queue_notices(MORNING)
        devices.revoke(Device.objects.get(user=self.world.dewi), MORNING)
        self.run_at(0)
        assert (self.heard("dewi"), self.row("dewi").why) == ([], "address")

    def test_a_phone_that_somebody_else_signs_in_on_no_longer_hears_for_the_first(self) -> None:
        devices.subscribe(self.world.eko.pk, self.phones["dewi"].subscription(), "Firefox/120", MORNING)
        self.empty()
        self.run_at(0)
        assert self.heard("dewi") == []
        assert Device.objects.filter(user=self.world.dewi, ended_why="moved").count() == 1

    def test_a_device_that_is_gone_is_dropped_and_the_other_gets_the_message(self) -> None:
        tablet = self.phone("dewi", "tablet")
        self.service.answer("dewi", 410)
        self.empty()
        self.run_at(0)
        assert len(self.service.messages(tablet)) == 1
        gone, lives = Device.objects.filter(user=self.world.dewi)
        assert (gone.ended_why, lives.ended_at) == ("gone", None)
        assert lives.last_success_at is not None
        assert self.row("dewi", device=gone).state == FAILED
        self.world.accuse(self.world.counter(self.world.ilir35, 2), 10)
        self.run_at(1)
        assert (len(self.heard("dewi")), len(self.service.messages(tablet))) == (1, 2)

    def test_a_busy_service_is_given_the_time_it_asks_for(self) -> None:
        self.service.answer("dewi", 429, Retry_After="90")
        self.empty()
        self.run_at(0)
        row = self.row("dewi")
        assert (row.state, row.tries, row.due_at) == (QUEUED, 1, after(1.5))
        self.run_at(1.4)
        assert len(self.service.got) == 1
        self.run_at(1.5)
        row.refresh_from_db()
        assert (row.state, row.tries) == (SENT, 2)

    def test_a_service_that_never_works_is_given_up(self) -> None:
        self.service.answer("dewi", 500, times=99)
        self.empty()
        minutes = 0.0
        for pause_s in (0, *BACKOFF_S):
            minutes += pause_s / 60
            self.run_at(minutes)
        row = self.row("dewi")
        assert (row.state, row.tries) == (FAILED, len(BACKOFF_S) + 1)
        assert row.why.startswith("500")
        assert row.ended_at is not None

    def test_what_a_dead_worker_had_claimed_is_taken_again(self) -> None:
        self.empty()
        outbox.queue_notices(MORNING)
        claimed = notice_delivery._claim(MORNING, None)
        assert [row.user_id for row in claimed] == [self.world.dewi.pk]
        self.run_at(1)
        assert self.heard("dewi") == []
        self.run_at(notice_delivery.LEASE.total_seconds() / 60)
        assert self.heard("dewi") == ["Loket kosong 13 menit"]

    def test_while_the_broker_is_away_the_outbox_keeps_everything(self) -> None:
        away = partial(app.connection_for_write, "redis://127.0.0.1:1/0")
        self.addCleanup(setattr, task_queue, "_away", False)
        self.empty()
        with (
            mock.patch.object(app, "connection_for_write", away),
            self.assertLogs("streams.servers.task_queue", "WARNING") as logs,
        ):
            outbox.request_delivery()
            outbox.request_delivery()
        assert len(logs.output) == 1
        self.run_at(0)
        assert self.heard("dewi") == ["Loket kosong 10 menit"]

    def test_a_bug_in_a_sender_delays_its_own_message_only(self) -> None:
        self.empty()
        outbox.queue_notices(MORNING)
        with self.settings(VAPID_PRIVATE_KEY="AAAA"), self.assertLogs("discipline.notices.delivery", "ERROR"):
            notice_delivery.send_due(MORNING)
        assert (self.row("dewi").state, self.row("dewi").tries) == (QUEUED, 1)
        self.run_at(1)
        assert self.heard("dewi") == ["Loket kosong 11 menit"]

    def test_what_became_of_messages_is_kept_for_three_months(self) -> None:
        self.empty()
        self.run_at(0)
        outbox.delete_old_deliveries(MORNING + timedelta(days=89))
        assert self.world.dewi.deliveries.count() == 1
        outbox.delete_old_deliveries(MORNING + timedelta(days=91))
        assert Delivery.objects.count() == 0

    def test_what_nobody_knows_any_more_has_no_words(self) -> None:
        assert subjects.current(["alert:999999", "incident:999999", "finding:1"], MORNING, "id") == {}

    def test_a_chain_of_names_leads_from_any_link_to_both_ends(self) -> None:
        counter = self.world.counter(self.world.ilir35)
        last = self.world.accuse(counter, kind="not_opened")
        middle = self.world.accuse(counter, kind="absence", ended_at=MORNING, superseded_by=last)
        first = self.world.accuse(counter, kind="late_opening", ended_at=MORNING, superseded_by=middle)
        pks = [first.pk, middle.pk, last.pk]
        assert {pk: alert.pk for pk, alert in notice_subjects.newest_alerts(pks).items()} == dict.fromkeys(pks, last.pk)
        assert notice_subjects.first_alerts(pks) == dict.fromkeys(pks, first.pk)


class SideBySide(TransactionTestCase):
    def test_two_workers_at_once_send_each_message_once(self) -> None:
        world = World()
        with push_service() as service, override_settings(PUSH_PRIVATE_HOSTS=True):
            phone = service.browser("dewi")
            devices.subscribe(world.dewi.pk, phone.subscription(), "", MORNING)
            for number in (1, 2):
                world.accuse(world.counter(world.ilir35, number), 10)
            begin = threading.Barrier(4)

            def work() -> None:
                begin.wait()
                try:
                    outbox.queue_notices(MORNING)
                    notice_delivery.send_due(MORNING)
                finally:
                    connection.close()

            workers = [threading.Thread(target=work) for _ in range(4)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            notice_delivery.send_due(MORNING)
            assert len(service.messages(phone)) == 2
        assert set(Delivery.objects.values_list("state", "tries")) == {(SENT, 1)}
