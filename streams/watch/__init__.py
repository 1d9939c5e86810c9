"""Sample many cameras in one process.

leases.py assigns cameras to this process, camera_loop.py runs one camera, examiner_thread.py runs their pictures
through the detector in turn, spans.py stores samples run-length encoded.

Called by discipline.ops.watch, which hands each sample to the ledger.
"""
