"""Indications: what the staffing rule found, until a person has decided what it was.

from_flips.py turns flips into alerts and raises camera faults; the kinds are the table in staffing/alert_kinds.py;
deadlines.py and reminders.py follow each indication. decisions/ is where lurah and camat explain and decide, case/ the
page that explains an indication, inbox/ the list of indications that wait for a response.

Called by the ledger's events and by the pages under /indikasi/; read by board, reports and the API.
"""
