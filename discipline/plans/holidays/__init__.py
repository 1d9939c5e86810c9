"""The holiday calendar of a year and the pages to edit the city's own days."""
