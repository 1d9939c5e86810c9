"""What other systems of the city may read, and how they are told of changes: access ← v1 ← webhooks ← clients."""
