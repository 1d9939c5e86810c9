"""Street scenes for simulated cameras on high poles: painted streets, traffic, lamps, rain, water and rubbish.

Coordinates are in metres: x to the right, y up, z ahead of the camera; the road lies at y = 0. Traffic keeps left.
"""
