"""PDF pages on ReportLab's Platypus: fonts and styles, text, tables and pictures as flowables, a document of A4 pages.

Lengths are points; a function that takes text escapes it. Nothing here knows what the pages are about.
"""
