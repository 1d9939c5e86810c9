"""Kecamatan, kelurahan, and the counters of each office.

Owns the tables of places and their search by name ("35 ilir", "tiga puluh lima Ilir").
Does not depend on hours, cameras or users.

Called by every other room: all verdicts, alerts and reports concern counters.
"""
