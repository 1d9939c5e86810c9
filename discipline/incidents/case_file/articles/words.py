"""Names of fields, and messages about what was refused."""

from django.utils.translation import gettext_lazy as _

from discipline.incidents.case_file.articles.changes import ArticleRefused

FIELD_WORDS = {
    "bylaw": _("Peraturan"),
    "article": _("Pasal"),
    "text": _("Isi"),
    "kinds": _("Jenis kejadian"),
    "enforcer": _("Instansi penegak"),
    "valid_from": _("Berlaku sejak"),
    "valid_until": _("Berlaku sampai"),
    "source": _("Sumber"),
    "certainty": _("Kepastian"),
}
ARTICLE_REFUSED = {
    ArticleRefused.NAMED: _("Sudah ada berkas yang memakai pasal ini; sejak itu hanya hari terakhirnya yang berubah."),
    ArticleRefused.SAME: _("Tidak ada yang berubah."),
    ArticleRefused.BEFORE: _("Pasal yang baru berlaku sesudah yang lama mulai. Periksa tanggalnya."),
}
