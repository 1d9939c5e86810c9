"""The table of what is stored about an account: which rows of which tables, and which columns a copy of them holds.

Secrets are left out: passwords, codes, keys of passkeys and of push, tokens. tests/discipline/disclosure compares the
table with all relations to users, so that a new one is not forgotten.
"""

from django.utils.translation import gettext_lazy as _

from discipline.disclosure.account_rows import AccountRows
from discipline.disclosure.account_table_conduct import CONDUCT_ROWS
from discipline.disclosure.account_table_incidents import INCIDENT_ROWS

ACCOUNT_ROWS = (
    AccountRows(
        "akun",
        _("Akun: nama, alamat surel, kapan dibuat dan terakhir masuk"),
        "auth.User",
        ("pk",),
        "username first_name last_name email is_active is_staff is_superuser date_joined last_login",
    ),
    AccountRows(
        "alamat-surel",
        _("Alamat surel untuk masuk"),
        "account.EmailAddress",
        ("user",),
        "email verified primary",
    ),
    AccountRows(
        "penyedia-identitas",
        _("Identitas dari penyedia kota"),
        "socialaccount.SocialAccount",
        ("user",),
        "provider uid date_joined last_login extra_data",
    ),
    AccountRows(
        "langkah-kedua",
        _("Langkah kedua: jenisnya dan kapan dipakai, tanpa kuncinya"),
        "mfa.Authenticator",
        ("user",),
        "type created_at last_used_at",
    ),
    AccountRows(
        "peran",
        _("Peran dan wilayah"),
        "offices.Membership",
        ("user",),
        "role kecamatan__name kelurahan__name agency__name",
    ),
    AccountRows("kelompok", _("Kelompok"), "auth.Group", ("user",), "name"),
    AccountRows("izin", _("Izin di administrasi"), "auth.Permission", ("user",), "codename name"),
    AccountRows(
        "perubahan-hak",
        _("Perubahan hak: pada akun ini, dan olehnya"),
        "offices.RightsChange",
        ("user_key", "by_key"),
        "at by_name user_name given taken",
    ),
    AccountRows(
        "percobaan-masuk",
        _("Percobaan masuk, 180 hari terakhir"),
        "offices.SignIn",
        ("user",),
        "at outcome address agent",
    ),
    AccountRows(
        "sandi-dari-orang-lain",
        _("Sandi yang dibuat orang lain dan belum diganti"),
        "offices.GivenPassword",
        ("user",),
        "at",
    ),
    AccountRows("bahasa", _("Bahasa yang dipilih"), "offices.ChosenLanguage", ("user",), "code"),
    AccountRows("perkenalan", _("Perkenalan yang ditutup"), "discipline.TourSeen", ("user",), "at"),
    AccountRows(
        "administrasi",
        _("Perubahan di administrasi"),
        "admin.LogEntry",
        ("user",),
        "action_time action_flag content_type__model object_repr change_message",
    ),
    AccountRows(
        "melihat-kamera",
        _("Kamera yang dilihat: kapan dan mengapa"),
        "streams.View",
        ("user",),
        "how why camera_name offices closed reason opened_at seen_at ended_at",
    ),
    AccountRows(
        "alasan-melihat", _("Alasan melihat kantor yang tutup"), "streams.ViewReason", ("user",), "given_at reason"
    ),
    AccountRows(
        "pembukaan-asli",
        _("Bukti asli yang dibuka, dan alasannya"),
        "streams.EvidenceOpening",
        ("user",),
        "at reason evidence__kind evidence__at evidence__kelurahan__name evidence__counter__name",
    ),
    AccountRows(
        "catatan-kamera",
        _("Catatan tentang kamera, dan catatan shift"),
        "streams.CameraNote",
        ("by",),
        "at kind camera_name text until",
    ),
    AccountRows(
        "titik-publik",
        _("Titik yang dibuka, diatur atau ditutup untuk publik"),
        "streams.PublicChange",
        ("by",),
        "at what place_name reason facts",
    ),
    AccountRows(
        "kendali-kamera", _("Kamera yang diarahkan"), "streams.SteeringLog", ("by", "from_whom"), "at what camera_name"
    ),
    AccountRows("kendali", _("Kendali kamera"), "streams.SteeringLease", ("holder",), "since ended_at reason"),
    AccountRows(
        "penutupan-titik", _("Penutupan titik untuk publik"), "streams.PublicClosure", ("by",), "started_at reason"
    ),
    AccountRows(
        "masa-simpan-rekaman",
        _("Masa simpan rekaman yang ditetapkan"),
        "streams.RetentionRule",
        ("by",),
        "at kept_as days since basis",
    ),
    AccountRows(
        "penguncian-rekaman",
        _("Rekaman yang dikunci"),
        "streams.RecordingHold",
        ("by", "released_by"),
        "at camera since until reason released_at",
    ),
    AccountRows(
        "ekspor-rekaman",
        _("Rekaman yang diminta sebagai bukti"),
        "discipline.RecordingExport",
        ("by",),
        "asked_at camera_name since until requester letter reason",
    ),
    AccountRows("petunjuk-diatur", _("Petunjuk yang diatur"), "streams.HintSetting", ("by",), "since kind on"),
    AccountRows("petunjuk", _("Petunjuk"), "streams.StreetHint", ("decided_by",), "decided_at kind level decision"),
    AccountRows(
        "pemeriksaan-rantai",
        _("Pemeriksaan rantai bukti yang diminta"),
        "discipline.ChainCheck",
        ("by",),
        "asked_at state ended_at",
    ),
    AccountRows("berkas-dibuka", _("Berkas yang dibuka"), "offices.FileAccess", ("user",), "at kind title offices"),
    AccountRows(
        "salinan-tentang-akun-ini",
        _("Siapa membuat salinan data akun ini"),
        "offices.FileAccess",
        (),
        "at user__username title",
    ),
    AccountRows(
        "keputusan",
        _("Penjelasan dan keputusan tentang indikasi"),
        "discipline.Decision",
        ("by",),
        "at role what reason text attachment attachment__name alert alert__kind "
        "alert__counter__kelurahan__name alert__counter__name",
    ),
    AccountRows(
        "pengingat",
        _("Pengingat tenggat"),
        "discipline.Reminder",
        ("user",),
        "when created_at mailed_at alert alert__counter__kelurahan__name alert__counter__name",
    ),
    AccountRows(
        "temuan-sidak",
        _("Jawaban dan tindak lanjut temuan inspeksi"),
        "discipline.FindingWord",
        ("by",),
        "at role what text answer_by attachment attachment__name finding__stop__kelurahan__name",
    ),
    AccountRows(
        "sidak",
        _("Inspeksi yang dilakukan"),
        "discipline.SpotCheck",
        ("by",),
        "id role how reason started_at finished_at",
    ),
    AccountRows(
        "catatan-sidak",
        _("Tanda dan catatan dalam inspeksi"),
        "discipline.SpotEntry",
        ("check_of__by",),
        "check_of stop__kelurahan__name kind mark text entered_at received_at",
    ),
    AccountRows(
        "permohonan-penutupan",
        _("Permohonan penutupan yang diajukan atau dijawab"),
        "offices.ClosureRequest",
        ("asked_by", "decided_by"),
        "kelurahan__name counter__name kind starts_at ends_at reason asked_by__username asked_at state "
        "decided_by__username decided_at word",
    ),
    AccountRows(
        "penutupan",
        _("Penutupan yang dicatat"),
        "offices.Closure",
        ("entered_by",),
        "kecamatan__name kelurahan__name counter__name starts_at ends_at reason",
    ),
    AccountRows(
        "hari-khusus",
        _("Hari khusus yang dicatat"),
        "offices.HolidayOverride",
        ("entered_by",),
        "day open name source",
    ),
    AccountRows(
        "jam-layanan",
        _("Perubahan jam layanan, hari khusus dan penutupan"),
        "discipline.PlanChange",
        ("by",),
        "at act what name reason before after",
    ),
    AccountRows(
        "tanda-tangan",
        _("Pemeriksaan dan tanda tangan laporan bulanan"),
        "discipline.SigningStep",
        ("by",),
        "at role what text report__kecamatan__name report__month snapshot__sha256",
    ),
    AccountRows(
        "retensi",
        _("Perubahan masa simpan"),
        "discipline.Retention",
        ("by",),
        "since still_days case_days quota_gb warn_percent",
    ),
    AccountRows(
        "penahanan",
        _("Penguncian bukti yang dibuat atau diakhiri"),
        "discipline.LegalHold",
        ("by", "ended_by"),
        "since alert kelurahan__name first_day last_day reason ended_at end_reason",
    ),
    AccountRows(
        "lampiran",
        _("Lampiran; berkasnya ada di folder lampiran"),
        "discipline.Attachment",
        ("by", "decision__by", "finding_word__by"),
        "id name media_type size sha256 at",
    ),
    AccountRows(
        "aturan-pemberitahuan",
        _("Aturan pemberitahuan, termasuk nomor WhatsApp"),
        "discipline.NoticeRule",
        ("user",),
        "modes min_minutes quiet_from quiet_to digest_at by_mail phone",
    ),
    AccountRows(
        "perangkat",
        _("Peramban yang menerima pemberitahuan, tanpa kuncinya"),
        "discipline.Device",
        ("user",),
        "name created_at last_success_at ended_at ended_why",
    ),
    AccountRows(
        "pemberitahuan",
        _("Pemberitahuan, 90 hari terakhir"),
        "discipline.Delivery",
        ("user",),
        "created_at kind channel device__name place__kelurahan__name place__kecamatan__name title body url state why "
        "ended_at",
    ),
    AccountRows(
        "langganan-laporan",
        _("Laporan lewat surel: pilihan"),
        "discipline.ReportSubscription",
        ("user",),
        "daily weekly monthly incidents",
    ),
    AccountRows(
        "surel-laporan",
        _("Laporan lewat surel: yang dikirim"),
        "discipline.ReportMail",
        ("user",),
        "kind period place state why created_at ended_at",
    ),
    AccountRows(
        "berkas-laporan",
        _("Berkas laporan yang diminta"),
        "discipline.ReportFile",
        ("by",),
        "place period format table state asked_at ended_at",
    ),
    AccountRows(
        "integrasi",
        _("Sistem lain yang didaftarkan, diubah atau dicabut"),
        "discipline.ApiClient",
        ("made_by", "changed_by", "revoked_by"),
        "name purpose contact made_at changed_at expires_at revoked_at",
    ),
    AccountRows(
        "webhook",
        _("Webhook yang didaftarkan"),
        "discipline.Webhook",
        ("made_by",),
        "client__name url made_at stopped_at",
    ),
    AccountRows(
        "salinan-gambar",
        _("Salinan gambar yang diminta untuk orang yang terlihat"),
        "discipline.FootageCopy",
        ("by",),
        "asked_at counter__kelurahan__name counter__name since until reason",
    ),
    *CONDUCT_ROWS,
    *INCIDENT_ROWS,
)
