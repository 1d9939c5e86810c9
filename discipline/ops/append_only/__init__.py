"""Records that nobody can rewrite unseen: two roles of the database, and signed heads that leave the machine.

tables.py declares which tables are append-only. roles.py gives the application's role no more than that. sealing.py
signs a head each hour over what was added to each of these tables, with the key of head_key.py; copies.py takes the
heads elsewhere; comparing.py compares heads, here and elsewhere, with the tables.
"""
