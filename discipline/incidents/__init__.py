"""What happens in the city: incidents, the tasks of agencies, and what was done about them.

`opening` creates incidents and `steps` moves them on, in `state_rule`'s order; `tasks` asks agencies, and counts their
time. Nobody else writes. Operators open incidents on the pages here; other rooms and systems will open theirs through
`opening`, each with its own source.
"""
