"""The operator's pages about other systems: letting one in, renewing and revoking its token, its webhooks.

A token is shown once. The inspectorate may look.

Called from the pages under /integrasi/.
"""
