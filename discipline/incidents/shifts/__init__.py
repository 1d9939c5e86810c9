"""Shifts of the room: who is on duty, the handover from one chief to the next, and the log book."""
