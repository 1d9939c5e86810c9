"""Calls of 112 and the telephone that operators take in, pranks and silent ones too."""
