"""Messages about what was refused."""

from django.utils.translation import gettext_lazy as _

from discipline.incidents.procedures.changes import ProcedureRefused

PROCEDURE_REFUSED = {
    ProcedureRefused.EMPTY: _("Tulis paling sedikit satu langkah."),
    ProcedureRefused.LINES: _("Paling banyak 30 langkah."),
    ProcedureRefused.LONG: _("Satu langkah paling panjang 300 huruf. Bagi menjadi dua."),
    ProcedureRefused.PAST: _("Versi baru tidak dapat berlaku sejak hari yang sudah lewat."),
    ProcedureRefused.LINE: _("Langkah itu tidak dapat dicentang lagi. Muat ulang halamannya."),
}
