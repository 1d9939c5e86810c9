"""Determine when a counter is on duty.

Owns weekly plans, breaks, Ramadan, holidays and closures. duty.py turns them into the intervals of a day and is pure;
schedule.py loads the rows and answers for any counter and time.

Called by staffing (is this counter on duty now?), reports (how long should it have been staffed?) and plans (pages).
"""
