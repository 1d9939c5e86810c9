"""The operator's pages for adding cameras and keeping them in order.

Owns probing, the pages of the search for cameras, the consent to setting them, bulk import, the zone editor, reference
views, marked lookalikes and each camera's health.

Called from the URLs under /kamera/.
"""
