"""Hours as pages: weekly plans, Ramadan, holidays and closures, changed with a preview.

applying.py says which plan applies and why, changes.py works a change out, makes it and writes it down,
recount_on_change.py has past days counted again. holidays/ and closures/ hold the pages of each.

Called by the pages under /jam-layanan/, /hari-libur/ and /penutupan/.
"""
