"""Version 1 of the API, under /api/v1/: read only.

api.py authenticates and reports problems (RFC 9457), routes.py and numbers.py are the operations, schemas.py the types
of their answers, from which the OpenAPI document is made.

Called by other systems with a token.
"""
