"""*Pengguna*: the operator's pages of accounts: whose they are, what they may do, and how they are let in again.

finding.py lists them, changes.py makes every change, under one lock and in the log of rights.
"""
