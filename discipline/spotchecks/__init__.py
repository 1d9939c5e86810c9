"""Sidak: the mayor's unannounced visit by camera.

draw.py draws the offices (pure, repeatable from its seed), conduct.py is the only writer of a spot check,
round_screen.py what its maker swipes through, result.py what came of it, snapshots.py the pictures
taken. findings/ holds the answers.

Called by the pages under /sidak/ and by the phone's queue.
"""
