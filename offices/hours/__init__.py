"""When a counter is on duty.

Owns weekly plans, breaks, Ramadan, holidays and closures. duty.py turns them into the intervals of a day and is pure;
schedule.py reads the rows and answers for any counter and moment.

Called by staffing (is this counter on duty now?), reports (how long should it have been staffed?) and plans (pages).
"""
