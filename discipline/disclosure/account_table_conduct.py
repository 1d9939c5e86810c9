"""The part of account_table.ACCOUNT_ROWS about the sample of conduct at counters."""

from django.utils.translation import gettext_lazy as _

from discipline.disclosure.account_rows import AccountRows

CONDUCT_ROWS = (
    AccountRows(
        "aturan-contoh-perilaku",
        _("Aturan contoh perilaku yang ditetapkan"),
        "discipline.SampleRule",
        ("by",),
        "at since per_office wait_minutes second_percent keep_days keep_judged_days basis",
    ),
    AccountRows(
        "penilaian-klip",
        _("Penilaian klip loket"),
        "discipline.ConductJudgement",
        ("by",),
        "at clip__uuid usable answers undoes",
    ),
)
