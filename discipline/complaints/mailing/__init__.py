"""Mails to residents, and the links in them."""
