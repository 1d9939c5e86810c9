"""The live board: what supervisors see now.

rows.py makes rows, counts and news for a user's scope; consumers.py and wall_consumer.py keep open pages up to date;
office_today.py is one office with its strips, wall.py the video wall of the command centre.

Called by browsers; told by what staffing, alerts and ops publish.
"""
