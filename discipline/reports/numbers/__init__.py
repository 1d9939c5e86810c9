"""Where a report's number is computed.

rollups.py keeps one row per counter and day (DayTally), tables.py reads them for a place and a period, figures.py makes
shares, ranks and bands of them (pure), charts.py shapes to draw (pure). No page tallies by itself.

Called by signing, files, mail, pages and the API, which all show the same numbers.
"""
