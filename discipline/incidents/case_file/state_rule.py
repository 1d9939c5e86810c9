"""The steps of a case, which may follow which, and whether its files are still made. Pure."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode


class CaseStepKind(LabelledCode):
    """What is recorded of a case. The last two close it."""

    CONFIRMED = "confirmed", _("Dikonfirmasi orang kedua")
    HANDED_OVER = "handed_over", _("Diserahkan")
    HEARING = "hearing", _("Sidang dilaksanakan")
    WITHDRAWN = "withdrawn", _("Ditarik")

    @property
    def closes(self) -> bool:
        """Whether the case is closed by it."""
        return self in (CaseStepKind.HEARING, CaseStepKind.WITHDRAWN)


class MakingState(LabelledCode):
    """How far the making of a case's files is."""

    WAITING = "waiting", _("Menunggu giliran")
    WORKING = "working", _("Sedang dibuat")
    DONE = "done", _("Selesai")
    FAILED = "failed", _("Gagal")


class Work(LabelledCode):
    """What is made at the moment, in its order."""

    RECORDING = "recording", _("mengambil rekaman")
    COPY = "copy", _("menyembunyikan wajah di dalam klip")
    STILLS = "stills", _("mengambil gambar")
    CLOCKS = "clocks", _("memeriksa jam kamera dan server")
    PAPERS = "papers", _("menyusun berita acara dan daftar sidik")


class WhyFailed(LabelledCode):
    """Why the making failed."""

    DISK = "disk", _("Berkasnya tidak dapat ditulis: penyimpanan penuh atau rusak. Kosongkan ruang, lalu coba lagi.")
    CLIP = "clip", _("Klip aslinya tidak dapat dibaca, sehingga wajah tidak dapat disembunyikan.")
    EVIDENCE = "evidence", _("Berkas bukti hilang atau berubah sejak disimpan. Beri tahu Inspektorat.")
    ERROR = "error", _("Terjadi kesalahan. Coba lagi; bila tetap gagal, lihat catatan sistem.")


class NoRecording(LabelledCode):
    """Why a case has no recording."""

    NO_CAMERA = "no_camera", _("Tidak ada kamera yang merekam kejadian ini.")
    EMPTY = "empty", _("Tidak ada rekaman utuh dalam rentang itu.")
    FORMAT = "format", _("Bentuk video berubah di tengah rentang, sehingga klipnya tidak dapat dibuat.")


class CaseStepRefused(ValueError):
    """A step is not possible. The argument says why."""

    STEP, SAME_PERSON, NOT_READY, TEXT, KEEP = "step", "same_person", "not_ready", "text", "keep"


def next_steps(taken: Collection[str]) -> list[CaseStepKind]:
    """Return the steps that may follow those that were taken (codes)."""
    if any(CaseStepKind(one).closes for one in taken):
        return []
    if CaseStepKind.CONFIRMED not in taken:
        return [CaseStepKind.CONFIRMED, CaseStepKind.WITHDRAWN]
    if CaseStepKind.HANDED_OVER not in taken:
        return [CaseStepKind.HANDED_OVER, CaseStepKind.WITHDRAWN]
    return [CaseStepKind.HEARING, CaseStepKind.WITHDRAWN]


def check_case_step(step: CaseStepKind, taken: Collection[str], *, by: int, seen_by: int, ready: bool) -> None:
    """Raise CaseStepRefused unless the user `by` (id) may record the step.

    Who saw what happened does not confirm it; only a file that is `ready` is handed over.
    """
    if step not in next_steps(taken):
        raise CaseStepRefused(CaseStepRefused.STEP)
    if step is CaseStepKind.CONFIRMED and by == seen_by:
        raise CaseStepRefused(CaseStepRefused.SAME_PERSON)
    if step is CaseStepKind.HANDED_OVER and not ready:
        raise CaseStepRefused(CaseStepRefused.NOT_READY)
