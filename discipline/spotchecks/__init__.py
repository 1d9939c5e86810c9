"""Spot checks (sidak): unannounced visits by camera.

draw.py draws the offices (pure, repeatable from its seed); conduct.py is the only writer of a spot check;
round_screen.py is the screen on which its maker swipes through the offices, result.py the result, snapshots.py the
pictures taken; findings/ holds findings and their answers.

Called by the pages under /sidak/ and by the phone's queue.
"""
