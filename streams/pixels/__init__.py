"""Arithmetic on pixels and boxes, without camera, model or database.

Owns geometry (frames, boxes, zones), the test whether a picture is usable (dark, covered, frozen, blurred, moved),
the comparison of a zone with an earlier picture, and reduced pictures (previews, tiles).

Called by detect and watch for each picture, by setup where an operator draws zones and compares views.
"""
