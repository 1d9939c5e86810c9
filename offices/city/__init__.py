"""Palembang itself: its 107 kelurahan in 18 kecamatan, from a file into the database.

Owns palembang.csv and its loading, which adds what is missing and never undoes what an administrator changed.

Called by `manage.py load_offices`, by the demo and by tests.
"""
