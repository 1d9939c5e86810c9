"""Evaluation of the rule on simulated office-days, of the detector on false alarms, and replay of recorded looks."""
