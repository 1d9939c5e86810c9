"""Reports as pages: a place and a period, shown and compared.

page.py gathers what a page shows, views.py answers /laporan/….

Called by browsers only.
"""
