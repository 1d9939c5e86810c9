"""What an indication keeps: pictures and clips, each hashed and chained per office.

policy.py decides (pure), recorder.py writes pending files while a watch looks, store.py is the only writer of Evidence
and its hash chain, verify.py checks it. Originals with faces stay locked: openings are logged with their reason.

Called by watch while it looks, by discipline.evidence which adopts pending files, by pages that show them.
"""
