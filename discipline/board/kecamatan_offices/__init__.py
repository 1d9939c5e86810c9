"""Kecamatan offices on the board: rows of their own beside those of the kelurahan, and their announcements.

An office without a watched counter has no row: the city has not set it up. Their rows have negative ids
(Place.office_id), so that no count of kelurahan takes them in. Pages, the wall and the sockets ask here for all rows;
rows.py makes those of the kelurahan and knows nothing of this.
"""
