"""Bringing a camera in and keeping it right: the operator's pages.

Owns probing, bulk import, the zone editor, reference views, marked lookalikes and the health of each camera.

Called from the addresses under /kamera/.
"""
