"""Walls with a name, the screens of a room: which are on, and what an operator has put on each."""
