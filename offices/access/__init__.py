"""Who may see and change what: the one gate.

Owns memberships (mayor, operator, camat, lurah, inspectorate) and the scope that follows from them. gate.py filters
querysets and guards views; sockets.py asks the same of an open websocket; language.py chooses the language.

Called by every view, consumer, API operation and file download.
"""
