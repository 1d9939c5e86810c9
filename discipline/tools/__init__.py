"""Tools around the product: the demo, benches and evaluation. The product itself imports none of them.

demo/ seeds the city that `make run` shows and generates a history for it, bench/ measures what looks, live viewing and
reports cost, evaluate/ plays whole office-days through the real rule and replays recorded ones.

Called by management commands and tests.
"""
