"""Open311 GeoReport v2 under /open311/v2/: residents' reports for apps and systems that speak this standard.

It shows what the public may read of them, in JSON and XML, and files new ones through `complaints.filing`, as the page
does, for clients with a key. `formats` writes the answers, `queries` reads the filters, `payloads` turns rows into the
standard's fields.

Called by anybody without an account; only filing needs the token of an API client.
"""
