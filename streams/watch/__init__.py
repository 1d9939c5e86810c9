"""One process that looks at many cameras.

leases.py says which cameras this process holds, camera_loop.py runs one camera, examiner_thread.py takes their
pictures in turn through the detector, spans.py stores samples run-length.

Called by discipline.ops.watch, which hands each sample to the ledger.
"""
