"""Indications: what the rule found, until a person has decided what it was.

from_flips.py turns flips into alerts and camera faults, kinds are a table, deadlines and reminders follow each one.
decisions/ is where lurah and camat explain and decide, case/ the page that shows why, inbox/ the list that waits.

Called by what the ledger publishes and by the pages under /indikasi/; read by board, reports and the API.
"""
