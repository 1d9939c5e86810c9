"""Recording: every packet of the cameras whose class of place the city keeps, one file a camera and minute.

`watch` writes the files, Celery deletes them by class. There is never any sound in them.
"""
