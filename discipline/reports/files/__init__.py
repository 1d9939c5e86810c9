"""Reports as files: XLSX, CSV and PDF.

jobs.py takes requests and has Celery make the files, build.py makes one, workbook.py, table_files.py and pdf.py write
the formats from the same tables as the pages.

Called from report pages, and by mail for its attachment.
"""
