"""Residents' reports (*Rumah Aspirasi*): written without an account, followed by a number and a secret, and answered.

`filing` stores what residents send and `steps` moves it on, in `state_rule`'s order and by `clock`'s deadlines; nobody
else writes. `mails` queues the mails to residents. The public's pages are `views`, those of the city `desk`.
`counter_check` lays a report about a counter beside what was seen there. Reports join incidents through
`incidents.opening`.
"""
