"""Tools around the product: the demo, benches and evaluation. No room of the product imports them.

demo/ makes the city that `make run` shows and a made-up past for it, bench/ measures what looks, live viewing and
reports cost, evaluate/ plays whole office-days through the real rule and replays stored ones.

Called by management commands and tests.
"""
