"""Messages about what was refused, and the words of what may be done."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discipline.complaints.state_rule import ComplaintState, ComplaintStepRefused
from discipline.core.attachments import BadFile

REFUSED = {
    ComplaintStepRefused.STATE: _("Langkah itu tidak mungkin dalam keadaan laporan sekarang."),
    ComplaintStepRefused.STALE: _("Ada langkah lain yang baru saja tercatat. Baca dulu riwayatnya, lalu coba lagi."),
    ComplaintStepRefused.TEXT: _("Tulis jawabannya untuk pelapor."),
    ComplaintStepRefused.TARGET: _("Tulis nomor laporan lain yang diteruskan, misalnya RA-12."),
    ComplaintStepRefused.PRIVATE: _("Laporan rahasia tidak ditampilkan kepada publik dan tidak menjadi kejadian."),
    ComplaintStepRefused.INCIDENT: _("Kejadian itu tidak ada."),
    ComplaintStepRefused.NO_INDICATION: _("Tidak ada indikasi pada saat itu yang dapat dikuatkan."),
    ComplaintStepRefused.MISTAKE: _("Pilih loket yang tercatat ada petugas, dan tulis dari mana Anda tahu ia kosong."),
    ComplaintStepRefused.REOPENED: _("Laporan ini tidak dapat dibuka kembali."),
}
BAD_PHOTO = {
    BadFile.TOO_LARGE: _("Berkas lebih besar dari 10 MB."),
    BadFile.EMPTY: _("Berkas kosong."),
    BadFile.TYPE: _("Berkas ini bukan JPEG atau PNG yang dapat dibuka, apa pun namanya."),
}
# What the city may do, in the order of the page: state, words, whether it is the usual next step.
ACTIONS: tuple[tuple[ComplaintState, str | Promise, bool], ...] = (
    (ComplaintState.VERIFIED, _("Verifikasi dan teruskan"), True),
    (ComplaintState.IN_HAND, _("Mulai tangani"), True),
    (ComplaintState.DONE, _("Selesai"), False),
    (ComplaintState.DUPLICATE, _("Sudah dilaporkan"), False),
    (ComplaintState.NOT_OURS, _("Bukan wewenang kota"), False),
    (ComplaintState.REJECTED, _("Tolak"), False),
)
