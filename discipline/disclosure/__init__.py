"""Copies of personal data for the person whom they are about (UU 27/2022, Pasal 7 and 32).

account_table.py says what is stored about an account, account_copy.py writes it as a ZIP.

Called by the page of one's account, and by operators for somebody else. Each copy leaves a line in the log of files.
"""
