"""Benches of the pipeline from a picture to a stored verdict, of live viewing, and of a year of reports."""
