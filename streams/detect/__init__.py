"""From a picture to people in zones.

Owns the person and pose models, the cascade that asks them in turn, the detector of faces (to hide them, never to
recognise them), the preparation of model files, and the evaluation on labelled footage.

Called by watch for each look, by evidence for redaction, by `manage.py evaluate`.
"""
