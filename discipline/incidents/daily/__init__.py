"""The daily report of the room: what happened from 07.00 to 07.00, as one PDF that never changes."""
