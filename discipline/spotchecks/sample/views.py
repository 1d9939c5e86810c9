"""Pages of the sample: its result, its rules, and the checker's page, which doesn't say what office a clip is of."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from discipline.spotchecks import result as spotcheck_result
from discipline.spotchecks.sample import drawing, judging, pictured
from discipline.spotchecks.sample.forms import JudgementForm, SampleRuleForm
from discipline.spotchecks.sample.items_rule import ConductItem, ItemAnswer
from discipline.spotchecks.sample.judging import JudgingRefused
from discipline.spotchecks.sample.models import ClipFilm, CounterClip, SampleRule
from discipline.spotchecks.sample.result import LEAST_CLIPS, LEAST_OFFICES, draw_results, sample_result
from discipline.spotchecks.scope import stops_within
from offices.access.file_log import log_file
from offices.access.gate import inspector_required, scope_of
from offices.access.models import FileAccess
from offices.hours.schedule import local_day
from streams.evidence.http_range import whole_or_part

RULES, DRAWS = 10, 8  # rows of each list


@never_cache
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Show the rates of the city and of the kecamatan in scope; ?butir= is the item by which kecamatan are compared."""
    if scope_of(request.user).empty:
        raise PermissionDenied
    return _page(request)


@inspector_required
@require_POST
def add_rule(request: HttpRequest) -> HttpResponse:
    """Add a rule, which holds from its day on; the week's draw is not made anew."""
    form = SampleRuleForm(request.POST, instance=SampleRule(by_id=request.user.pk or 0), label_suffix="")
    if not form.is_valid():
        return _page(request, 422, form)
    form.save()
    messages.success(request, _("Aturan contoh dicatat."))
    return redirect("conduct-sample")


def _page(request: HttpRequest, status: int = 200, form: SampleRuleForm | None = None) -> HttpResponse:
    scope, today = scope_of(request.user), local_day(timezone.now())
    code = request.GET.get("butir", "")
    item = ConductItem(code) if code in set(ConductItem) else ConductItem.EATING
    result = sample_result(scope, item, today)
    context = {
        "result": result,
        "items": [(one, pictured.bar(one.rate, result.scale)) for one in result.items],
        "areas": [(one, pictured.bar(one.rate, result.scale) if one.rate else None) for one in result.areas],
        "scale": round(result.scale * 100),
        "item": item,
        "choices": list(ConductItem),
        "least_clips": LEAST_CLIPS,
        "least_offices": LEAST_OFFICES,
        "rule": drawing.rule_on(today),
        "rules": SampleRule.objects.select_related("by")[:RULES],
        "draws": draw_results(today, DRAWS) if scope.city else [],
        "waiting_clips": len(judging.waiting_for(request.user)) if scope.inspects else 0,
        "form": form or SampleRuleForm(initial={"since": today}, label_suffix=""),
    }
    return render(request, "spotchecks/sample/result.html", context, status=status)


@inspector_required
@never_cache
@require_safe
def next_clip(request: HttpRequest) -> HttpResponse:
    """Show the checker the next clip, without saying where or when it was taken."""
    turn = judging.turn_of(request.user, timezone.now())
    context = {"turn": turn, "items": list(ConductItem), "answers": list(ItemAnswer), "total": turn.done + turn.left}
    return render(request, "spotchecks/sample/judge.html", context)


@inspector_required
@require_POST
def judge(request: HttpRequest, clip: UUID) -> HttpResponse:
    """Store what the checker saw and lead to the next clip, with the error as a message if it was refused."""
    form = JudgementForm(request.POST)
    if not form.is_valid() or (form.cleaned_data["usable"] == "yes" and len(form.answers) < len(ConductItem)):
        messages.error(request, _("Jawab semua butir, atau pilih tidak dapat dinilai."))
        return redirect("conduct-judge")
    try:
        judging.judge(request.user, clip, form.cleaned_data["usable"] == "yes", form.answers, timezone.now())
    except JudgingRefused:
        messages.error(request, _("Klip itu tidak menunggu penilaian Anda lagi."))
    return redirect("conduct-judge")


@inspector_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the checker's last judgement, whose clip is shown again."""
    try:
        judging.undo(request.user, timezone.now())
    except JudgingRefused:
        messages.error(request, _("Tidak ada penilaian yang dapat diurungkan."))
    else:
        messages.success(request, _("Penilaian terakhir diurungkan."))
    return redirect("conduct-judge")


@never_cache
@require_safe
def film(request: HttpRequest, clip: UUID) -> HttpResponse:
    """Send a clip with visitors' heads hidden, or the part that is asked for.

    Those of the sample are the inspectorate's; those of a spot check belong to whoever may read it. 404 otherwise,
    and when the film is deleted or not ready.
    """
    scope = scope_of(request.user)
    found = get_object_or_404(CounterClip.objects.select_related("counter"), uuid=clip, deleted_at=None)
    if found.stop_id:
        readable = spotcheck_result.visible_checks(request.user, scope)
        seen = CounterClip.objects.filter(stops_within(scope, "stop"), pk=found.pk, stop__check_of__in=readable)
        if not seen.exists():
            raise Http404
    elif not scope.inspects:
        raise Http404
    data = get_object_or_404(ClipFilm, clip=found, shown__isnull=False).shown
    log_file(request.user, FileAccess.Kind.COUNTER_CLIP, clip, _("Klip loket"), [found.counter.kelurahan_id])
    answer = whole_or_part(request, bytes(data or b""), f'"{clip}"', "video/mp4")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
