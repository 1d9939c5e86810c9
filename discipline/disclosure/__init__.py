"""Copies of personal data for the person whom they are about (UU 27/2022, Pasal 7 and 32).

account_table.py says what is stored about an account, account_copy.py writes it as a ZIP. footage/ makes copies of
stored pictures for a person who was seen, with the others' heads hidden.

Called by the page of one's account, by operators for somebody else, and by the inspectorate. Each copy leaves a line in
the log of files.
"""
