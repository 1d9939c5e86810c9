"""Messages about what was refused."""

from django.utils.translation import gettext_lazy as _

from discipline.incidents.room.door_rule import RoomRefused
from discipline.incidents.shifts.shift_rule import ShiftRefused
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
SHIFT_REFUSED = {
    ShiftRefused.OPEN: _("Sudah ada giliran yang berjalan. Ikut jaga di dalamnya."),
    ShiftRefused.NONE: _("Tidak ada giliran yang berjalan. Mulai dulu satu giliran."),
    ShiftRefused.CHIEF: _("Kepala giliran selesai jaga dengan serah terima."),
    ShiftRefused.NOT_CHIEF: _("Hanya kepala giliran yang menyerahkan giliran, yang lain sesudah 12 jam."),
    ShiftRefused.NOT_ON_DUTY: _("Anda tidak sedang jaga."),
    ShiftRefused.SIGNED: _("Serah terima ini sudah ditandatangani."),
    ShiftRefused.SAME_PERSON: _(
        "Yang menyerahkan tidak dapat menandatangani sendiri. Minta kepala giliran berikutnya."
    ),
    ShiftRefused.NOT_NEXT_CHIEF: _("Yang menandatangani adalah kepala giliran yang sedang berjalan."),
    ShiftRefused.NO_SQUAD: _("Tulis nama regu."),
    ShiftRefused.NO_TEXT: _("Tulis catatannya."),
    ShiftRefused.TOO_LONG: _("Terlalu panjang. Ringkaslah, atau bagi menjadi beberapa catatan."),
}
ROOM_REFUSED = {
    RoomRefused.NOT_LISTED: _("Orang ini hari ini tidak ada di daftar. Catat dulu namanya di daftar."),
    RoomRefused.INSIDE: _("Orang ini sudah tercatat di dalam."),
    RoomRefused.LEFT: _("Orang ini sudah tercatat keluar."),
    RoomRefused.STALE: _("Ada catatan yang lebih baru tentang kunjungan ini. Muat ulang halamannya."),
    RoomRefused.ORDER: _("Keluar mendahului masuk."),
    RoomRefused.FUTURE: _("Waktunya belum tiba."),
    RoomRefused.NO_TEXT: _("Tulis keperluan dan alasannya."),
    RoomRefused.TOO_LONG: _("Terlalu panjang. Ringkaslah menjadi paling banyak 300 huruf."),
    RoomRefused.UNCHANGED: _("Tidak ada yang diubah."),
}
