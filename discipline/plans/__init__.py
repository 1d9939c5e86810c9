"""Pages for duty hours: weekly plans, Ramadan, holidays and closures, edited with a preview.

applying.py finds the plan that applies and the reason, changes.py previews, applies and logs a change,
recount_on_change.py requests a recount of the past days it affects. holidays/ and closures/ hold their own pages.

Called by the pages under /jam-layanan/ and /penutupan/.
"""
