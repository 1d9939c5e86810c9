"""Benches: the way from a picture to a stored verdict, live viewing, and reports of a year."""
