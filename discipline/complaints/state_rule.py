"""The states of a resident's report: which may follow which, and what each needs. Pure."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode

REOPEN_WITHIN = timedelta(days=14)  # after its end


class ComplaintState(LabelledCode):
    """From what was sent to what was done; the last three are other ends."""

    UNCONFIRMED = "unconfirmed", _("Belum dikonfirmasi")
    OPEN = "open", _("Menunggu verifikasi")
    VERIFIED = "verified", _("Diverifikasi dan diteruskan")
    IN_HAND = "in_hand", _("Sedang ditangani")
    REOPENED = "reopened", _("Dibuka kembali")
    DONE = "done", _("Selesai")
    NOT_OURS = "not_ours", _("Bukan wewenang kota")
    REJECTED = "rejected", _("Ditolak")
    DUPLICATE = "duplicate", _("Sudah dilaporkan")

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self in ENDS


class ComplaintEvent(LabelledCode):
    """What a line of a report's history records."""

    STATE = "state", _("Keadaan")
    ANSWER = "answer", _("Jawaban")
    PUBLISHED = "published", _("Teks untuk publik")
    JOINED = "joined", _("Digabungkan ke kejadian")
    COMPARED = "compared", _("Disandingkan dengan catatan kamera")
    PHOTO = "photo", _("Foto ditampilkan kepada publik")
    NO_PHOTO = "no_photo", _("Foto tidak lagi ditampilkan kepada publik")
    AGREED = "agreed", _("Pelapor menyatakan selesai")
    BLOCKED = "blocked", _("Pengirim atau frasa diblokir")
    UNBLOCKED = "unblocked", _("Pemblokiran dicabut")


State = ComplaintState
ENDS = frozenset({State.DONE, State.NOT_OURS, State.REJECTED, State.DUPLICATE})
# The city's answer is due while a report is in one of these.
WAITING = frozenset({State.OPEN, State.VERIFIED, State.REOPENED})
# By state: those that may follow, and whether that needs a text for the resident.
_OTHER_ENDS = {State.NOT_OURS: True, State.REJECTED: True, State.DUPLICATE: False}
ALLOWED: dict[ComplaintState, dict[ComplaintState, bool]] = {
    State.UNCONFIRMED: {},
    State.OPEN: {State.VERIFIED: False, **_OTHER_ENDS},
    State.VERIFIED: {State.IN_HAND: False, State.DONE: True, **_OTHER_ENDS},
    State.IN_HAND: {State.DONE: True, **_OTHER_ENDS},
    State.REOPENED: {State.IN_HAND: False, State.DONE: True, **_OTHER_ENDS},
    State.DONE: {},
    State.NOT_OURS: {},
    State.REJECTED: {},
    State.DUPLICATE: {},
}


class ComplaintStepRefused(ValueError):
    """A step is not possible. The argument says why."""

    STATE, STALE, TEXT, TARGET, PRIVATE, REOPENED = "state", "stale", "text", "target", "private", "reopened"
    INCIDENT, NO_INDICATION, MISTAKE = "incident", "no_indication", "mistake"


def check_complaint_step(now: ComplaintState, to: ComplaintState, text: str) -> None:
    """Raise ComplaintStepRefused unless the city may set the state `to`."""
    allowed = ALLOWED[now]
    if to not in allowed:
        raise ComplaintStepRefused(ComplaintStepRefused.STATE)
    if allowed[to] and not text.strip():
        raise ComplaintStepRefused(ComplaintStepRefused.TEXT)


def may_reopen(state: ComplaintState, ended_at: datetime, reopened: bool, now: datetime) -> bool:
    """Return whether the resident may still reopen it: once, within REOPEN_WITHIN of its end.

    A duplicate is not reopened, as the other report goes on.
    """
    return state.ended and state is not State.DUPLICATE and not reopened and now <= ended_at + REOPEN_WITHIN
