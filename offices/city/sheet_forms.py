"""The upload of a CSV file that somebody made with a spreadsheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offices.city import sheets
from offices.city.sheets import SheetCells, SheetKind


class SheetForm(forms.Form):
    """The upload of a file of one kind, which subclasses name. The cleaned `file` is its rows."""

    kind: SheetKind
    text = ""  # the file's text, set once it is valid
    file = forms.FileField(
        label=_("Berkas CSV"),
        label_suffix="",
        allow_empty_file=True,  # clean_file gives a friendlier message
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Pilih berkas CSV terlebih dahulu.")},
    )

    def clean_file(self) -> list[SheetCells]:
        """Read the rows of the file."""
        upload = self.cleaned_data["file"]
        try:
            if upload.size > sheets.LARGEST:
                raise sheets.SheetError(str(sheets.TOO_LARGE))
            self.text = sheets.read_text(upload.read())
            return sheets.read_rows(self.text, self.kind)
        except sheets.SheetError as error:
            raise ValidationError(str(error)) from None
