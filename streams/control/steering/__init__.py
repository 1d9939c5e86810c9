"""Steering a camera that moves: one holder at a time, with a lease, and a motor that stops when nobody asks any more.

ptz.py says what such a camera can be asked, onvif_ptz.py does it by ONVIF, helm.py for one holder, who can also go
round its presets/. leases.py gives and takes the lease, notifies both sides and writes the log; priority_rule.py says
who may take it from whom. away.py says which cameras are off their home preset: `watch` judges nothing there, and a
public point is closed meanwhile.

Called by its page and socket, by `watch`, and by Celery, which brings idle cameras home.
"""
