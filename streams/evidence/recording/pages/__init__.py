"""The page of recordings: room, rules, early deletions."""
