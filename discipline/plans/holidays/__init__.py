"""The calendar of a year: national holidays, cuti bersama, and the city's own days."""
