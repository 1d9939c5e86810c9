"""Compute the numbers of reports.

rollups.py keeps one row per counter and day (DayTally), tables.py reads them for a place and a period, figures.py
computes shares, ranks and bands (pure), charts.py lays out charts (pure). No other room computes a report's numbers.

Called by signing, files, mail, pages and the API, which therefore all show the same numbers.
"""
