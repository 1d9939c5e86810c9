"""The map of the city: outlines drawn from the offices' pins, and the pins that a user may see.

Nothing here knows an official border. Each office gets the ground that is nearer to its pin than to any other, and a
kecamatan is the ground of its offices. States are not part of it: the page's own rows have them.

Called by the board and the office page when somebody opens the map.
"""
