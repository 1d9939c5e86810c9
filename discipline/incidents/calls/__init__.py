"""Calls of 112 and the telephone that an operator takes in: what they were about, the pranks and the silent ones too."""
