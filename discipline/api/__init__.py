"""The read-only API and the webhooks for other systems of the city: access ← v1 ← webhooks ← clients."""
