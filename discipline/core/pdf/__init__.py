"""A4 pages and documents of many pages, on ReportLab."""
