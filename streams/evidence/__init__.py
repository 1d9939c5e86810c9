"""Keep the evidence of indications: pictures and clips, each hashed and chained per office.

policy.py decides what to keep (pure), recorder.py writes pending files while a watch process runs, store.py is the only
writer of Evidence and its hash chain, verify.py checks it. Originals with faces are locked: each opening is logged
with its reason.

Called by watch, by discipline.evidence which adopts pending files, and by pages that show evidence.
"""
