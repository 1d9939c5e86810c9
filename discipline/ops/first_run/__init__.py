"""The first days with a city: what is still to be set up, and the words of the product.

readiness_rule.py says what is finished, readiness.py reads the facts for it, and remembered.py keeps the sum for the
board's line.

Called by browsers.
"""
