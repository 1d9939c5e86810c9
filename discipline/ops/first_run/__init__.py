"""The first days: what is still to be set up in a city, what a role begins with, and the words of the product.

readiness_rule.py says what is finished, readiness.py reads the facts for it, and remembered.py keeps the sum for the
board's line. cards_rule.py has the cards of each role, which tour.py shows after the first sign-in, and terms.py the
words.

Called by browsers; ops/wiring.py connects the cards to the sign-in.
"""
