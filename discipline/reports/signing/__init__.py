"""A kecamatan's month from draft to signed document.

steps.py says which step may be taken when and snapshot.py what is signed with which hash (both pure). What comes after
the signature is an amendment, never a change.

Called by the pages under /laporan/…/tanda-tangan/ and by `manage.py verify_reports`.
"""
