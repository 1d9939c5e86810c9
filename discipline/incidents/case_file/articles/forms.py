"""The form of an article."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from discipline.incidents.case_file.articles.changes import FIELDS, STAYS_OPEN
from discipline.incidents.case_file.models import BylawArticle
from discipline.incidents.models import IncidentType
from offices.places.models import Agency
from streams.evidence.models import gives_reason

if TYPE_CHECKING:  # generic in its stub only
    ArticleModelForm = forms.ModelForm[BylawArticle]
else:
    ArticleModelForm = forms.ModelForm

DAY = {"type": "date"}


class ArticleForm(ArticleModelForm):
    """What is entered of an article, and why. `named`: a case names it, so that only its last day is asked for."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan perubahan"),
        max_length=500,
        validators=[gives_reason],
        help_text=gettext_lazy("Misalnya: naskah dibaca, diterima dari Bagian Hukum dengan surat nomor …"),
    )

    class Meta:
        model = BylawArticle
        fields = FIELDS
        widgets = {
            "text": forms.Textarea({"rows": 5}),
            "kinds": forms.CheckboxSelectMultiple,
            "valid_from": forms.DateInput(DAY, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(DAY, format="%Y-%m-%d"),
        }

    def __init__(self, agencies: QuerySet[Agency], *args: Any, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if named:
            for name in set(FIELDS) - set(STAYS_OPEN):
                del self.fields[name]
            return
        choices = [(one.code, one.name) for one in agencies.order_by("name")]
        self.fields["enforcer"] = forms.ChoiceField(label=_("Instansi penegak"), choices=choices)
        self.fields["kinds"].queryset = IncidentType.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["valid_from"].help_text = _("Kosongkan bila belum diketahui.")
        self.fields["valid_until"].help_text = _("Kosongkan bila masih berlaku.")
        if len(choices) == 1:
            self.fields["enforcer"].initial = choices[0][0]
