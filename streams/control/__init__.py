"""Cameras as devices: finding them in the city's networks, reading what they offer, setting keyframes and clock.

device.py says what a camera can be asked (a protocol) and what it answers; onvif.py is the only file that knows ONVIF
and its library. Owns the allowed networks, the searches and the words for what went wrong.

Called by the operator's pages in setup.
"""
