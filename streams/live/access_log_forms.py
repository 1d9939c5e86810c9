"""The forms of the access logs' filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.access.models import FileAccess
from offices.places.models import Kelurahan
from streams.live.models import View


class ViewsForm(forms.Form):
    """The filters, from the query string."""

    q = forms.CharField(required=False, max_length=100)
    kantor = forms.ModelChoiceField(Kelurahan.objects.all(), to_field_name="code", required=False)
    dari = forms.DateField(required=False)
    sampai = forms.DateField(required=False)
    sebab = forms.ChoiceField(choices=[("", _("Semua sebab")), *View.Why.choices], required=False)
    tutup = forms.BooleanField(required=False)


class FilesForm(forms.Form):
    """The filters of the log of files, from the query string."""

    q = forms.CharField(required=False, max_length=100)
    kantor = forms.ModelChoiceField(Kelurahan.objects.all(), to_field_name="code", required=False)
    dari = forms.DateField(required=False)
    sampai = forms.DateField(required=False)
    jenis = forms.ChoiceField(choices=[("", _("Semua jenis")), *FileAccess.Kind.choices], required=False)
