"""Attendance reports. Each room imports only those before it: numbers, signing, files, mail, pages."""
