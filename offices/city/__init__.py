"""Load Palembang's 107 kelurahan in 18 kecamatan from a file into the database.

Owns palembang.csv and its loader, which adds what is missing and never overwrites an administrator's changes.

Called by `manage.py load_offices`, by the demo and by tests.
"""
