"""Words of the day of an office, for the page and for static/js/board/day.js."""

from django.utils.translation import gettext as _

from discipline.board.day import events_rule as events
from discipline.staffing.day_strip import AHEAD, BREAK, EXCUSED
from discipline.staffing.rule import State


def event_word(kind: str, indication: str = "") -> str:
    """Return the label of an event; `indication` is the name of the indication that is raised or ends."""
    words = {
        events.LEFT: _("Loket mulai kosong"),
        events.RETURNED: _("Petugas kembali ke loket"),
        events.NOT_OPENED: _("Kosong sejak jam buka"),
        events.UNSEEN: _("Kamera tidak dapat melihat"),
        events.SEEN_STAFFED: _("Terpantau lagi: ada petugas"),
        events.SEEN_EMPTY: _("Terpantau lagi: kosong"),
        events.RAISED: _("Indikasi timbul: %(kind)s"),
        events.ENDED: _("Indikasi berakhir: %(kind)s"),
    }
    return words[kind] % {"kind": indication}


def scrubber_words() -> dict[str, str]:
    """Return the words of the scrubber. Those of states are written inside a sentence."""
    return {
        State.STAFFED.value: _("ada petugas"),
        State.GRACE.value: _("kosong, masih dalam masa toleransi"),
        State.ABSENT.value: _("kosong"),
        State.UNKNOWN.value: _("tidak terpantau"),
        EXCUSED: _("kosong dengan izin"),
        BREAK: _("istirahat"),
        AHEAD: _("belum tiba"),
        "closed": _("di luar jam layanan"),
        "since": _("%(state)s sejak %(at)s"),
        "of": _("%(counter)s: %(state)s"),
        "none": _("Tidak ada gambar pada %(at)s: gambar disimpan hanya di sekitar indikasi."),
        "nearest": _("Ke gambar terdekat, %(at)s"),
        "no_pictures": _("Tidak ada gambar yang tersimpan pada hari ini: gambar disimpan hanya di sekitar indikasi."),
        "indication": _("Indikasi %(n)s"),
        "failed": _("Gambar tidak dapat dibuka. Mungkin sudah dimusnahkan."),
        "rest": _("Geser garisnya, atau pindah ke peristiwa, untuk melihat gambar di sekitarnya."),
    }
