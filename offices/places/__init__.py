"""Kecamatan, kelurahan, and the counters of each office.

Owns the tables of places and the search by which people find one ("35 ilir", "tiga puluh lima Ilir").
Knows nothing of hours, cameras or users.

Called by every other room: a counter is what all verdicts, alerts and reports are about.
"""
