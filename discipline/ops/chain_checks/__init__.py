"""Checks of all evidence that the inspectorate asks for on its page, made by the worker.

checks.py is the only writer of ChainCheck; it calls streams.evidence.verify and ops.append_only.comparing, as
manage.py verify_evidence does.
"""
