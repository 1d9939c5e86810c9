"""Which other systems may ask, and how often.

Owns ApiClient, Webhook and WebhookCall. Only the hash of a token is stored; the rate is counted in Valkey.

Called by v1 for each request, by webhooks and by the operator's pages.
"""
