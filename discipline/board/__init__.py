"""The live board: what supervisors see now.

rows.py makes the rows and counts for a user's scope and announces changes; payloads.py declares their JSON;
consumers.py and wall_consumer.py keep open pages up to date; office_today.py is one office with its strips, wall.py the
video wall of the command centre.

Called by browsers, and by ops, which passes on what staffing and alerts publish.
"""
