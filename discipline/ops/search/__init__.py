"""The search over everything that a user may open: offices, indications, incidents, residents' reports,
cases, shifts, agencies, pages, cameras, reports and accounts.

Names are compared as on the board, by offices.places.search; what is found is narrowed by offices.access.gate.
views.py is called by the dialog of every page (static/js/search/) and by the page /cari/.
"""
