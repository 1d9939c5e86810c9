"""Messages about what was refused."""

from django.utils.translation import gettext_lazy as _

from discipline.incidents.state_rule import IncidentStepRefused
from discipline.incidents.tasks.state_rule import TaskStepRefused

REFUSED = {
    IncidentStepRefused.STATE: _("Langkah itu tidak mungkin dalam keadaan kejadian sekarang."),
    IncidentStepRefused.STALE: _("Ada langkah lain yang baru saja tercatat. Baca dulu riwayatnya, lalu coba lagi."),
    IncidentStepRefused.TEXT: _("Tulis alasannya."),
    IncidentStepRefused.SAME_PERSON: _("Yang menangani tidak dapat memverifikasi. Minta orang lain."),
    IncidentStepRefused.PHOTO: _("Belum ada foto hasilnya. Lampirkan foto untuk memverifikasi."),
    IncidentStepRefused.TARGET: _("Tulis nomor kejadian lain yang tetap ditangani, misalnya K-12."),
}
TASK_REFUSED = {
    TaskStepRefused.STATE: _("Langkah itu tidak mungkin dalam keadaan tugas sekarang. Muat ulang halamannya."),
    TaskStepRefused.TEXT: _("Tulis keterangannya."),
    TaskStepRefused.PHOTO: _("Lampirkan foto hasilnya."),
}
