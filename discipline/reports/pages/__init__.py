"""The pages of reports: a place in a period, with its parts ranked and compared with the period before.

page.py builds the templates' context, views.py answers /laporan/….

Called by browsers only.
"""
