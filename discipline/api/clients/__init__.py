"""The operator's pages for API clients: create, change, renew and revoke tokens, and manage webhooks.

A token is shown once. The inspectorate may read the pages.

Called from the pages under /integrasi/.
"""
