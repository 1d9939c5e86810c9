"""The operator's pages for adding cameras and keeping them in order.

Owns probing, bulk import, the zone editor, reference views, marked lookalikes and each camera's health.

Called from the URLs under /kamera/.
"""
