"""Version 1 of the API, under /api/v1/, read-only.

api.py authenticates and reports problems (RFC 9457), routes.py and numbers.py hold the operations, payloads.py turns
rows into responses. schemas.py and value_types.py have the published types, from which the OpenAPI document is made.

Called by other systems with a token.
"""
