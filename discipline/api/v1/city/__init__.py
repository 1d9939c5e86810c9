"""Incidents, tasks of agencies and residents' reports in the API: without free text that may name somebody."""
