"""Authentication and rate limits of API clients.

Owns ApiClient, Webhook and WebhookCall. Only the hash of a token is stored; requests are counted in Valkey.

Called by v1 for each request, by webhooks and by the operator's pages.
"""
