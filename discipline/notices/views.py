"""Each user's page of notices: preferences, devices, recent deliveries, and the city's escalation."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.notices import delivery as notice_delivery
from discipline.notices import devices, vapid
from discipline.notices.channels import CHANNELS, MAIL, PUSH
from discipline.notices.forms import EscalationForm, NoticeRuleForm
from discipline.notices.models import Delivery, Device, Escalation, NoticeRule
from discipline.notices.recipients import Person, active_people
from discipline.notices.rule import Topic
from offices.access.gate import operator_required

RECENT = 20  # deliveries on the page
TESTS_A_MINUTE = 5


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the page."""
    return _page(request, _person(request))


@require_POST
def rule(request: HttpRequest) -> HttpResponse:
    """Save the user's preferences; status 422 with the form when they are invalid."""
    person = _person(request)
    form = NoticeRuleForm(person, _rule_of(person), request.POST)
    if not form.is_valid():
        return _page(request, person, 422, form=form)
    form.save()
    messages.success(request, _("Aturan tersimpan dan berlaku mulai sekarang."))
    return redirect("notices")


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Register a browser. static/js/notices/push.js posts the JSON of its PushSubscription.

    Answers 201 with {"id"} or 422 with {"error"}.
    """
    person = _person(request)
    try:
        subscription = json.loads(request.body)
        device = devices.subscribe(person.pk, subscription, request.headers.get("User-Agent", ""), timezone.now())
    except (ValueError, RecursionError, devices.InvalidSubscription) as error:  # RecursionError: nested too deep
        return JsonResponse({"error": str(error)}, status=422)
    request.session[devices.SESSION] = device.pk
    return JsonResponse({"id": device.pk}, status=201)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the user's own devices. Raises Http404 for others."""
    device = get_object_or_404(Device, pk=pk, user=_person(request).pk, ended_at=None)
    devices.revoke(device, timezone.now())
    messages.success(request, _("%(device)s tidak lagi menerima pemberitahuan.") % {"device": device.name})
    return redirect("notices")


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a test to one of the user's addresses now, through the usual outbox and sender, and show the result."""
    person, now = _person(request), timezone.now()
    channel, device = request.POST.get("channel", ""), request.POST.get("device", "")
    wanted = (channel, int(device) if device.isdecimal() else None)
    if wanted not in person.addresses():
        messages.error(request, _("Perangkat atau alamat itu tidak terdaftar."))
        return redirect("notices")
    recent = Delivery.objects.filter(user=person.pk, kind=Topic.TEST, created_at__gt=now - timedelta(minutes=1))
    if recent.count() >= TESTS_A_MINUTE:
        messages.warning(request, _("Terlalu banyak percobaan. Tunggu satu menit."))
        return redirect("notices")
    row = Delivery.objects.create(
        user_id=person.pk,
        subject_key=f"test:{secrets.token_hex(8)}",
        kind=Topic.TEST,
        channel=channel,
        device_id=wanted[1],
        title=_("Percobaan dari Sidak"),
        body=_("Pemberitahuan sampai di sini."),
        url=reverse("notices"),
        created_at=now,
        due_at=now,
    )
    notice_delivery.send_due(now, only=row.pk)
    row.refresh_from_db()
    if row.state == Delivery.State.SENT:
        messages.success(request, _("Percobaan diserahkan. Biasanya tampil dalam beberapa detik."))
    else:
        messages.error(request, _("Percobaan belum terkirim: %(why)s") % {"why": row.why_word})
    return redirect("notices")


@operator_required
@require_POST
def escalation(request: HttpRequest) -> HttpResponse:
    """Save the city's escalation delays; status 422 with the form when they are invalid."""
    form = EscalationForm(request.POST)
    if not form.is_valid():
        return _page(request, _person(request), 422, steps=form)
    form.save()
    messages.success(request, _("Eskalasi tersimpan dan berlaku bagi indikasi berikutnya."))
    return redirect("notices")


def _person(request: HttpRequest) -> Person:
    """Return the request's user as a Person. Raises PermissionDenied when nothing is in the user's scope."""
    person = active_people([request.user.pk or 0]).get(request.user.pk or 0)
    if person is None or (person.scope.empty and not person.scope.sees_points):
        raise PermissionDenied
    return person


def _rule_of(person: Person) -> NoticeRule | None:
    return NoticeRule.objects.filter(user=person.pk).first()


def _page(
    request: HttpRequest,
    person: Person,
    status: int = 200,
    form: NoticeRuleForm | None = None,
    steps: EscalationForm | None = None,
) -> HttpResponse:
    chosen = _rule_of(person)
    own = [(device, hashlib.sha256(device.endpoint.encode()).hexdigest()) for device in person.devices.values()]
    context: dict[str, Any] = {
        "key": vapid.public_key(),
        "devices": own,
        "mail": request.user.email,  # type: ignore[union-attr]  # _person() refuses anonymous users
        "person": person,
        "webhook": bool(settings.WEBHOOK_URL),
        "others": [
            (CHANNELS[address.channel], address)
            for address in person.addresses().values()
            if address.channel not in (PUSH, MAIL)
        ],
        "form": form or NoticeRuleForm(person, chosen),
        "chosen": chosen is not None,
        "steps": Escalation.current(),
        "steps_form": steps or EscalationForm(),
        "sent": Delivery.objects.filter(user=person.pk).select_related(
            "place__kelurahan", "place__kecamatan", "device"
        )[:RECENT],
    }
    return render(request, "notices/notices.html", context, status=status)
