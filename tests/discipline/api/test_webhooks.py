"""Webhooks: sent once per new, ended, decided or revoked indication; signed, retried, and never out of scope."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from django.test import override_settings

from discipline.alerts.decisions import record as decisions
from discipline.alerts.decisions import rule as decision_rule
from discipline.alerts.models import Alert, Decision
from discipline.api.access import tokens
from discipline.api.access.models import Webhook, WebhookCall
from discipline.api.v1.calls import Call
from discipline.api.webhooks import delivery as webhook_delivery
from discipline.api.webhooks import queue as webhook_queue
from discipline.core.models import DemoHistory
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.incident_models import SystemIncident
from tests.support.api_clients import System
from tests.support.base import MORNING
from tests.support.clock import wib
from tests.support.receiving import ReceiverCase
from tests.support.story import absence_of_eighteen_minutes
from tests.support.telephones import after

State = WebhookCall.State


@override_settings(API_WEBHOOK_PRIVATE_HOSTS=True)
class HookCase(ReceiverCase):
    def setUp(self) -> None:
        super().setUp()
        self.bkpsdm = System(self.world, city=True)
        self.hook, self.secret = self.listen(self.bkpsdm, "bkpsdm")

    def listen(self, system: System, name: str) -> tuple[Webhook, str]:
        return webhook_queue.add_webhook(
            system.client, f"{self.service.url}/{name}", self.world.ani.pk, MORNING - timedelta(hours=1)
        )

    def run_at(self, minutes: float) -> None:
        webhook_queue.queue_calls(after(minutes))
        while webhook_delivery.deliver_due(after(minutes)):
            pass

    def heard(self, name: str = "bkpsdm") -> list[str]:
        return [body["event"] for body in self.bodies(name)]

    def bodies(self, name: str = "bkpsdm") -> list[Any]:
        return [json.loads(one.body) for one in self.service.got if one.path == f"/{name}"]

    def empty(self, **more: Any) -> Alert:
        return self.world.accuse(self.world.counter(self.world.ilir35), 10, **more)


class Events(HookCase):
    def test_an_indication_is_sent_once_when_it_begins_and_once_when_it_ends(self) -> None:
        alert = self.empty()
        for minutes in (0, 1, 2):
            self.run_at(minutes)
        Alert.objects.filter(pk=alert.pk).update(ended_at=after(5), ended_by="staffed")
        for minutes in (5, 6, 7):
            self.run_at(minutes)
        assert self.heard() == ["indication.opened", "indication.ended"]
        first, last = self.bodies()
        assert all(Call.model_validate_json(one.body) for one in self.service.got)
        assert first["indication"]["ended_at"] is None
        assert last["indication"]["ended_at"] == "2026-11-23T02:05:00Z"
        assert last["indication"] | {"demo": False} == self.bkpsdm.get(f"/indikasi/{alert.pk}").json()

    def test_an_absence_reaches_the_system_from_its_looks_on(self) -> None:
        alert = absence_of_eighteen_minutes(self.world.counter(self.world.ilir35))
        webhook_delivery.queue_and_deliver(wib("10:06"))
        assert self.heard() == ["indication.opened", "indication.ended"]
        assert {one["indication"]["id"] for one in self.bodies()} == {alert.pk}

    def test_the_signature_is_of_the_time_and_the_body_by_the_webhooks_own_secret(self) -> None:
        self.empty()
        self.run_at(0)
        got = self.service.got[0]
        signed = got.headers["x-sidak-timestamp"].encode() + b"." + got.body
        mark = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        assert got.headers["x-sidak-signature"] == f"sha256={mark}"
        assert abs(got.at - int(got.headers["x-sidak-timestamp"])) < 30
        assert got.headers["idempotency-key"] == json.loads(got.body)["id"]

    def test_no_name_of_a_person_is_ever_in_it(self) -> None:
        alert = self.empty()
        self.decide(alert, "Sakit menurut Siti", -60)
        self.run_at(0)
        for user in ("budi", "dewi", "Siti", "Sakit"):
            assert user not in self.service.got[0].body.decode()

    def decide(
        self,
        alert: Alert,
        text: str,
        minutes: float,
        act: decision_rule.DecisionAct = decision_rule.DecisionAct.EXCUSED,
    ) -> Decision:
        last = alert.decisions.order_by("pk").last()
        word = decisions.DecisionStatement(
            act, last.pk if last else None, "sakit" if act is decision_rule.DecisionAct.EXCUSED else "", text
        )
        return decisions.record_decision(alert, self.world.budi, word, after(minutes))

    def test_a_decision_is_sent_when_it_can_no_longer_be_taken_back(self) -> None:
        alert = self.empty()
        self.run_at(0)
        self.decide(alert, "", 1, decision_rule.DecisionAct.CONFIRMED)
        self.run_at(10)
        assert self.heard() == ["indication.opened"]
        self.run_at(12)
        self.run_at(13)
        assert self.heard() == ["indication.opened", "indication.decided"]
        assert self.bodies()[-1]["indication"]["outcome"] == "confirmed"

    def test_a_decision_taken_back_is_never_sent_and_one_changed_later_is_sent_again(self) -> None:
        alert = self.empty()
        self.decide(alert, "", 1, decision_rule.DecisionAct.CONFIRMED)
        self.decide(alert, "", 5, decision_rule.DecisionAct.UNDONE)
        self.run_at(20)
        assert "indication.decided" not in self.heard()
        self.decide(alert, "", 30, decision_rule.DecisionAct.CONFIRMED)
        self.run_at(45)
        self.decide(alert, "Surat tugas menyusul", 60)
        self.run_at(80)
        assert [one["indication"]["outcome"] for one in self.bodies()[-2:]] == ["confirmed", "excused"]

    def test_an_indication_withdrawn_after_it_was_sent_is_sent_as_withdrawn(self) -> None:
        notified = self.empty()
        self.run_at(0)
        unnotified = self.world.accuse(self.world.counter(self.world.ulu5))
        incident = SystemIncident.objects.create(kind="fleet_blind", since=after(-30), raised_at=after(1))
        Alert.objects.filter(pk__in=[notified.pk, unnotified.pk]).update(withdrawn_by=incident, ended_at=after(1))
        self.run_at(2)
        assert self.heard() == ["indication.opened", "indication.withdrawn"]
        assert self.bodies()[-1]["indication"]["id"] == notified.pk
        assert self.bodies()[-1]["indication"]["withdrawn"] is True

    def test_a_camera_fault_accuses_nobody_and_is_sent_to_no_system(self) -> None:
        self.empty(kind=AlertKind.CAMERA_FAULT)
        self.run_at(0)
        assert self.heard() == []

    def test_nothing_from_before_the_webhook_existed_is_sent(self) -> None:
        self.empty(raised_at=MORNING - timedelta(hours=2), since=MORNING - timedelta(hours=3))
        self.run_at(0)
        assert self.heard() == []

    def test_demo_history_is_never_sent(self) -> None:
        until = MORNING - timedelta(hours=9)  # midnight
        DemoHistory.objects.create(
            seed=1, first_day=MORNING.date(), last_day=MORNING.date(), until=until, made_at=MORNING
        )
        at = MORNING - timedelta(hours=18)
        Webhook.objects.update(made_at=at)
        self.empty(since=at, raised_at=at, ended_at=at, ended_by="staffed")
        self.run_at(0)
        assert self.heard() == []
        self.empty()
        self.run_at(1)
        assert [one["demo"] for one in self.bodies()] == [True]


class Scope(HookCase):
    def test_each_system_gets_events_of_its_own_offices_only(self) -> None:
        ours = System(self.world, "Ilir Barat II", kecamatan=[self.world.kecamatan["16.71.01"]])
        theirs = System(self.world, "5 Ulu", kelurahan=[self.world.ulu5])
        self.listen(ours, "ilir")
        self.listen(theirs, "ulu")
        self.empty()
        self.run_at(0)
        assert (len(self.heard()), len(self.heard("ilir")), len(self.heard("ulu"))) == (1, 1, 0)

    def test_the_scope_is_asked_again_when_a_call_is_made(self) -> None:
        self.empty()
        webhook_queue.queue_calls(after(0))
        self.bkpsdm.client.city = False
        self.bkpsdm.client.save()
        webhook_delivery.deliver_due(after(1))
        assert self.heard() == []
        assert WebhookCall.objects.get().why == WebhookCall.Why.SCOPE

    def test_a_revoked_client_gets_nothing_more_not_even_what_is_queued(self) -> None:
        self.empty()
        webhook_queue.queue_calls(after(0))
        tokens.revoke_token(self.bkpsdm.client, self.world.ani.pk, after(0))
        self.world.accuse(self.world.counter(self.world.ulu5))
        self.run_at(1)
        assert self.heard() == []
        call = WebhookCall.objects.get()
        assert (call.state, call.why) == (State.SKIPPED, WebhookCall.Why.CLIENT)

    def test_a_stopped_webhook_gets_nothing_more(self) -> None:
        self.empty()
        webhook_queue.queue_calls(after(0))
        webhook_queue.stop_webhook(self.hook, after(0))
        self.run_at(1)
        assert WebhookCall.objects.get().why == WebhookCall.Why.STOPPED


class Failing(HookCase):
    def call(self) -> WebhookCall:
        return WebhookCall.objects.get(event="opened")

    def test_a_failed_call_is_retried_until_the_system_answers(self) -> None:
        self.service.answer("bkpsdm", 503, times=2)
        self.empty()
        for minutes in (0, 0.5, 2):
            self.run_at(minutes)
        assert (self.call().state, self.call().tries) == (State.SENT, 3)

    def test_it_is_given_up_after_a_day_and_the_reason_is_shown(self) -> None:
        self.service.answer("bkpsdm", 500, times=100)
        self.empty()
        webhook_queue.queue_calls(after(0))
        for hour in range(26):
            webhook_delivery.deliver_due(after(60 * hour))
        call = self.call()
        assert call.state == State.FAILED
        assert "500" in call.why
        assert 6 <= call.tries <= 14

    def test_what_a_system_refuses_today_it_is_offered_again(self) -> None:
        self.service.answer("bkpsdm", 401)
        self.empty()
        self.run_at(0)
        self.run_at(1)
        assert self.call().state == State.SENT

    def test_a_retry_after_is_respected(self) -> None:
        self.service.answer("bkpsdm", 429, Retry_After="900")
        self.empty()
        self.run_at(0)
        assert self.call().due_at == after(15)

    def test_an_address_that_says_that_it_is_gone_is_called_no_more(self) -> None:
        self.service.answer("bkpsdm", 410)
        self.empty()
        self.run_at(0)
        self.hook.refresh_from_db()
        assert self.call().state == State.FAILED
        assert self.hook.stopped_at == after(0)
        assert "410" in self.hook.stopped_why

    def test_when_nobody_answers_only_one_call_finds_out_and_all_arrive_later(self) -> None:
        url, self.hook.url = self.hook.url, "http://127.0.0.1:9/nobody"
        self.hook.save()
        self.empty()
        self.world.accuse(self.world.counter(self.world.ulu5))
        self.run_at(0)
        assert sorted(WebhookCall.objects.values_list("tries", flat=True)) == [0, 1]
        self.hook.url = url
        self.hook.save()
        self.run_at(2)
        assert self.heard() == ["indication.opened"] * 2

    def test_two_workers_call_once(self) -> None:
        self.empty()
        webhook_queue.queue_calls(after(0))
        webhook_queue.queue_calls(after(0))
        first = webhook_delivery._claim(after(0), None)
        second = webhook_delivery._claim(after(0), None)
        assert (len(first), len(second)) == (1, 0)
        assert len(webhook_delivery._claim(after(3), None)) == 1  # the first worker died: its claim expired

    def test_a_secret_that_can_not_be_read_any_more_signs_nothing(self) -> None:
        self.empty()
        with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[], SEALING_KEY="another"):
            self.run_at(0)
        assert self.service.got == []
        assert "rahasianya tidak terbaca" in self.call().why

    @override_settings(API_WEBHOOK_PRIVATE_HOSTS=False)
    def test_a_host_of_our_own_network_is_not_called_unless_the_city_allows_it(self) -> None:
        self.hook.url = self.service.url.replace("http:", "https:") + "/bkpsdm"
        self.hook.save()
        self.empty()
        self.run_at(0)
        assert self.service.got == []
        assert self.call().state == State.FAILED
        assert "not a public host" in self.call().why
