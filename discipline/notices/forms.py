"""Forms of a user's notice preferences and of the city's escalation."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from discipline.notices import rule as notice_rule
from discipline.notices.models import Escalation, NoticeRule
from discipline.notices.recipients import Person
from discipline.notices.rule import AnyTopic, Mode, Topic
from offices.access.gate import within
from offices.places.models import Kecamatan, Kelurahan

MODES = ((Mode.NOW.value, _("Segera")), (Mode.DIGEST.value, _("Ringkasan")), (Mode.OFF.value, _("Tidak")))
DIGESTS = ("digest_1", "digest_2", "digest_3")
BETWEEN_TWO = frozenset({Topic.DECISION, Topic.REMINDER})  # these concern lurah and camat only
OF_THE_ROOM = frozenset({notice_rule.OPERATOR, notice_rule.MAYOR, notice_rule.INSPECTOR})  # those who see its shifts
LONGEST_WAIT_MIN = 480

if TYPE_CHECKING:
    NoticeRuleModelForm = forms.ModelForm[NoticeRule]
    EscalationModelForm = forms.ModelForm[Escalation]
else:  # ModelForm takes a parameter in its stubs only
    NoticeRuleModelForm = EscalationModelForm = forms.ModelForm


class ClockTimeInput(forms.TimeInput):
    """A time input of browsers, hours and minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class NoticeRuleForm(NoticeRuleModelForm):
    """A user's preferences. Shows modes chosen or usual for the user's roles; stores those that differ from the usual.

    The area fields are there only if the user's scope leaves a choice.
    """

    digest_1 = forms.TimeField(label=_("Ringkasan pertama"), widget=ClockTimeInput())
    digest_2 = forms.TimeField(label=_("Ringkasan kedua"), widget=ClockTimeInput(), required=False)
    digest_3 = forms.TimeField(label=_("Ringkasan ketiga"), widget=ClockTimeInput(), required=False)
    min_minutes = forms.IntegerField(
        label=_("Beri tahu setelah kosong (menit)"),
        min_value=0,
        max_value=LONGEST_WAIT_MIN,
        required=False,
        help_text=_("Kosongkan agar mengikuti eskalasi di bawah."),
    )
    phone = forms.CharField(
        label=_("Nomor WhatsApp"),
        required=False,
        validators=[RegexValidator(r"^\+[1-9]\d{7,14}$", _("Tulis dengan kode negara, misalnya +6281234567890."))],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "placeholder": "+6281234567890"}),
    )

    class Meta:
        model = NoticeRule
        fields = ["min_minutes", "quiet_from", "quiet_to", "kecamatan", "kelurahan", "by_mail", "phone"]
        widgets = {
            "quiet_from": ClockTimeInput(),
            "quiet_to": ClockTimeInput(),
            "kecamatan": forms.CheckboxSelectMultiple,
            "kelurahan": forms.CheckboxSelectMultiple,
        }

    def __init__(self, person: Person, rule: NoticeRule | None, data: Mapping[str, Any] | None = None) -> None:
        rule = rule or default_rule(person)
        hours = dict(zip(DIGESTS, rule.digest_at, strict=False))
        super().__init__(data, instance=rule, label_suffix="", initial=hours)
        self.person, self._roles = person, person.roles(None)
        scope = person.scope
        areas = {
            "kecamatan": Kecamatan.objects.all() if scope.city else Kecamatan.objects.none(),
            "kelurahan": Kelurahan.objects.filter(within(scope)) if scope.kecamatan else Kelurahan.objects.none(),
        }
        for name, rows in areas.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            if not rows.exists():
                del self.fields[name]
        for kind in kinds_for_roles(self._roles):
            self.fields[f"mode_{kind}"] = forms.ChoiceField(
                label=kind.label,
                choices=MODES,
                widget=forms.RadioSelect,
                initial=notice_rule.mode_for(kind, self._roles, person.wish).value,
            )

    def modes(self) -> Iterator[forms.BoundField]:
        """Return the fields of modes, one for each topic."""
        return (self[name] for name in self.fields if name.startswith("mode_"))

    def hours(self) -> Iterator[forms.BoundField]:
        """Return the fields of times of the digest."""
        return (self[name] for name in DIGESTS)

    def clean(self) -> dict[str, Any]:
        """Require both ends of the quiet hours or none, and two different ones."""
        data = super().clean() or {}
        start, end = data.get("quiet_from"), data.get("quiet_to")
        if bool(start) != bool(end) and not {"quiet_from", "quiet_to"} & self.errors.keys():
            self.add_error("quiet_to" if start else "quiet_from", _("Isi keduanya, atau kosongkan keduanya."))
        if start and start == end:
            self.add_error("quiet_to", _("Jam tenang tidak dapat berakhir saat dimulai."))
        return data

    def save(self, commit: bool = True) -> NoticeRule:
        """Store the modes that differ from the usual ones, the times of the digest, and the model's fields."""
        rule, data = self.instance, self.cleaned_data
        defaults = notice_rule.NoticePreferences()
        chosen = {kind: data[f"mode_{kind}"] for kind in kinds_for_roles(self._roles)}
        rule.modes = {
            kind.value: mode
            for kind, mode in chosen.items()
            if mode != notice_rule.mode_for(kind, self._roles, defaults)
        }
        rule.digest_at = sorted({data[name] for name in DIGESTS if data.get(name)})
        return super().save(commit)


class EscalationForm(EscalationModelForm):
    """The city's escalation delays, in minutes."""

    class Meta:
        model = Escalation
        fields = ["lurah", "camat", "mayor"]

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, instance=Escalation.objects.first() or Escalation(), label_suffix="")


def default_rule(person: Person) -> NoticeRule:
    """Return an unsaved rule with the defaults, for a user who has no row."""
    quiet = person.wish.quiet
    return NoticeRule(
        user_id=person.pk, quiet_from=quiet.start if quiet else None, quiet_to=quiet.end if quiet else None
    )


def kinds_for_roles(roles: frozenset[str]) -> list[AnyTopic]:
    """Return the topics whose notices can reach a user with these roles. Agencies get those of tasks only."""
    if roles == {notice_rule.AGENCY}:
        return [Topic.TASK]
    takes_part = bool(roles & {notice_rule.LURAH, notice_rule.CAMAT})
    never = (frozenset() if takes_part else BETWEEN_TWO) | (
        {Topic.MONTH} if roles <= {notice_rule.LURAH} else frozenset()
    )
    if not roles & OF_THE_ROOM:
        never |= {Topic.HANDOVER, Topic.DAILY, Topic.QUEUE, Topic.COMPLAINT}
    return [kind for kind in notice_rule.SELECTABLE_TOPICS if kind not in never]
