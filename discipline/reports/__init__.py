"""Attendance reports: numbers ← signing ← files ← mail ← pages."""
