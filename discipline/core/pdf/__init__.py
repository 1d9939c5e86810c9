"""PDF pages with ReportLab's Platypus: fonts and styles, text, tables and pictures as flowables, A4 documents.

Lengths are points (1/72 inch); functions that take text escape it. Nothing here depends on the contents of the pages.
"""
