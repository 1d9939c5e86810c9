"""Reports as files, in the formats of one table.

jobs.py queues requests and has Celery write the files, build.py writes one. formats.py is the table of formats;
workbook.py, table_files.py and pdf.py write them from the same tables that the pages show.

Used by the report pages, and by mail for its attachment.
"""
