"""A kecamatan's month from draft to signed document.

steps.py holds the rules of the steps and snapshot.py the signed document with its hash (both pure). What changes after
the signature becomes an amendment; a signed document never changes.

Used by the pages under /laporan/…/tanda-tangan/ and by `manage.py verify_reports`.
"""
