"""What the player says of stretches of the day."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from streams.evidence.recording.day_strip_rule import RECORDED, UNKNOWN
from streams.evidence.recording.models import RecordedMinute


def gap_words() -> dict[str, str]:
    """Return the words for each kind of stretch, in the reader's language."""
    words = {str(gap): str(gap.label) for gap in RecordedMinute.Gap if gap}
    return words | {RECORDED: _("Terekam"), UNKNOWN: _("Tidak terekam, sebabnya belum diketahui")}


def player_words() -> dict[str, str]:
    """Return the texts of static/js/recordings/."""
    return gap_words() | {
        "none": _("Tidak ada rekaman"),
        "waiting": _("Memuat…"),
        "cannot": _("Peramban ini tidak dapat memutar rekaman. Gambarnya ditampilkan satu per satu."),
        "codec": _("Peramban ini tidak dapat memutar bentuk video kamera ini. Ekspor tetap dapat diminta."),
        "refused": _("Akses ditolak atau alasan sudah kedaluwarsa. Muat ulang halaman."),
        "play": _("Putar"),
        "pause": _("Jeda"),
        "end": _("Tidak ada rekaman lagi pada hari ini."),
        "skipped": _("Dilewati {long}: {why}."),
        "hour": pgettext("satuan", "j"),
        "minute": pgettext("satuan", "m"),
        "second": pgettext("satuan", "d"),
    }
