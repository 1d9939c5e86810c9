"""The part of account_table.ACCOUNT_ROWS about incidents of the city and reports of its residents."""

from django.utils.translation import gettext_lazy as _

from discipline.disclosure.account_rows import AccountRows

INCIDENT_ROWS = (
    AccountRows(
        "kejadian",
        _("Kejadian yang dibuka atau diterima"),
        "discipline.Incident",
        ("opened_by", "owner"),
        "id opened_at title state",
    ),
    AccountRows(
        "langkah-kejadian",
        _("Langkah kejadian yang dicatat"),
        "discipline.IncidentStep",
        ("by",),
        "incident at state text",
    ),
    AccountRows(
        "catatan-kejadian", _("Catatan tentang kejadian"), "discipline.IncidentNote", ("by",), "incident at text"
    ),
    AccountRows(
        "tugas",
        _("Tugas yang diminta atau diterima"),
        "discipline.Task",
        ("asked_by", "person"),
        "incident asked_at instruction state",
    ),
    AccountRows(
        "langkah-tugas",
        _("Langkah tugas yang dilaporkan"),
        "discipline.TaskStep",
        ("by",),
        "task happened_at at state text attachment__name",
    ),
    AccountRows(
        "langkah-laporan-warga",
        _("Langkah laporan warga yang dicatat"),
        "discipline.ComplaintStep",
        ("by",),
        "complaint at what state text message",
    ),
    AccountRows(
        "blokir-laporan-warga",
        _("Pengirim dan frasa yang diblokir"),
        "discipline.ComplaintBlock",
        ("by",),
        "complaint created_at kind reason until",
    ),
    AccountRows(
        "indikasi-yang-dikuatkan",
        _("Laporan warga yang dinilai menguatkan indikasi"),
        "discipline.AlertConfirmation",
        ("by",),
        "complaint alert at",
    ),
    AccountRows(
        "kekeliruan-kamera",
        _("Kekeliruan kamera yang dicatat"),
        "discipline.CameraMistake",
        ("by",),
        "complaint counter__name seen_at text at",
    ),
    AccountRows("antrean", _("Butir antrean yang diambil"), "discipline.QueueClaim", ("by",), "key at"),
    AccountRows(
        "giliran", _("Giliran jaga yang dikepalai"), "discipline.Shift", ("chief",), "squad started_at ended_at"
    ),
    AccountRows("jaga", _("Waktu jaga"), "discipline.ShiftMember", ("user",), "shift agency since until"),
    AccountRows("serah-terima", _("Giliran yang diserahkan"), "discipline.Handover", ("by",), "shift made_at note"),
    AccountRows(
        "tanda-terima-giliran",
        _("Serah terima yang ditandatangani"),
        "discipline.HandoverSignature",
        ("signed_by",),
        "handover signed_at",
    ),
    AccountRows(
        "panggilan-masuk",
        _("Panggilan masuk yang diterima"),
        "discipline.IncomingCall",
        ("by",),
        "at via outcome incident text",
    ),
    AccountRows(
        "batas-waktu-tugas",
        _("Batas waktu tugas yang ditulis"),
        "discipline.ResponseTime",
        ("by",),
        "kind priority since acknowledge arrive finish written_at",
    ),
    AccountRows("penugasan", _("Perubahan penugasan"), "discipline.DispatchChange", ("by",), "about at text"),
    AccountRows("prosedur", _("Prosedur yang ditulis"), "discipline.Procedure", ("by",), "kind written_at since text"),
    AccountRows(
        "langkah-prosedur",
        _("Langkah prosedur yang dicentang"),
        "discipline.ProcedureTick",
        ("by",),
        "incident procedure line at",
    ),
    AccountRows(
        "berkas-pelanggaran",
        _("Berkas pelanggaran yang dibuka, atau kejadiannya dilihat"),
        "discipline.CaseFile",
        ("opened_by", "seen_by"),
        "id incident opened_at reason",
    ),
    AccountRows(
        "gambar-berkas",
        _("Gambar berkas pelanggaran yang dipilih"),
        "discipline.CaseStill",
        ("by",),
        "case at_s note at",
    ),
    AccountRows(
        "langkah-berkas",
        _("Langkah berkas pelanggaran yang dicatat"),
        "discipline.CaseStep",
        ("by",),
        "case kind at text",
    ),
    AccountRows(
        "pembukaan-berkas",
        _("Berkas pelanggaran yang dilihat, dan alasannya"),
        "discipline.CaseOpening",
        ("user",),
        "case at reason",
    ),
    AccountRows(
        "izin-masuk-ruang",
        _("Izin masuk ruang kendali yang diberikan atau diakhiri"),
        "discipline.RoomPass",
        ("by", "ended_by"),
        "name body first last at ended_at",
    ),
    AccountRows(
        "kunjungan-ruang",
        _("Kunjungan ruang kendali yang diizinkan atau dicatat"),
        "discipline.RoomVisit",
        ("let_in_by", "by"),
        "came_at left_at purpose note at",
    ),
    AccountRows(
        "masa-simpan-kunjungan",
        _("Masa simpan kunjungan yang ditetapkan"),
        "discipline.RoomRetention",
        ("by",),
        "days since basis at",
    ),
    AccountRows("buku-jaga", _("Catatan di buku jaga"), "discipline.LogEntry", ("by",), "at text"),
)
