"""Authorisation: who may see and change what.

Owns memberships (mayor, operator, camat, lurah, inspectorate) and the scope that follows from them. gate.py filters
querysets and guards views; sockets.py does the same for open websockets; language.py chooses the language;
rights_log.py records what the administration changes of accounts' rights.

Called by every view, consumer, API operation and file download.
"""
