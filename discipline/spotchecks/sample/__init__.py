"""How people behave at counters, judged by people: drawn moments, their clips, what checkers saw, and the rates."""
