"""Load Palembang's 107 kelurahan in 18 kecamatan from a file into the database, and read files of spreadsheets.

Owns palembang.csv and its loader, which adds what is missing and never overwrites an administrator's changes, and the
reader and the upload of the CSV files that operators make with Excel or LibreOffice.

Called by `manage.py load_offices`, by the demo, by the imports of cameras and points, and by tests.
"""
