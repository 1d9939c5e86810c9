"""Places: kelurahan offices, kecamatan offices and street points, with their counters and the agencies of points.

Owns the tables of places and of what zones are drawn for there (Subject), and the search of offices by name ("35
ilir", "tiga puluh lima Ilir").
Does not depend on hours, cameras or users.

Called by every other room: all verdicts, alerts and reports concern counters, and cameras stand
at places.
"""
