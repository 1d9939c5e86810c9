"""Messages about what was refused."""

from django.utils.translation import gettext_lazy as _

from discipline.incidents.case_file.changes import MOST_STILLS, StillRefused
from discipline.incidents.case_file.state_rule import CaseStepRefused

STEP_REFUSED = {
    CaseStepRefused.STEP: _("Langkah itu tidak mungkin sekarang. Muat ulang halamannya."),
    CaseStepRefused.SAME_PERSON: _("Yang melihat kejadian tidak dapat mengonfirmasi sendiri. Minta orang lain."),
    CaseStepRefused.NOT_READY: _("Berkasnya belum selesai dibuat. Tunggu, atau coba lagi bila gagal."),
    CaseStepRefused.TEXT: _("Tulis alasannya, atau putusan sidang."),
    CaseStepRefused.KEEP: _("Isi sampai kapan berkas disimpan, hari ini atau sesudahnya."),
}
STILL_REFUSED = {
    StillRefused.TWICE: _("Gambar pada detik itu sudah ada."),
    StillRefused.MANY: _("Paling banyak %(most)s gambar.") % {"most": MOST_STILLS},
    StillRefused.CLOSED: _("Berkas ini sudah diserahkan atau ditutup, isinya tidak berubah lagi."),
}
