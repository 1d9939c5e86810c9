"""Places: kelurahan offices, kecamatan offices and street points, with their counters and the agencies of points.

Owns the tables of places, of what zones are drawn for there (Subject), and the search by which people find an office
("35 ilir", "tiga puluh lima Ilir").
Knows nothing of hours, cameras or users.

Called by every other room: a camera stands at a place, and a counter is what all verdicts, alerts and reports are
about.
"""
