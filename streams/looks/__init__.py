"""What a camera's pictures say of its zones, look by look.

examiner.py runs the detector where the picture has changed, control_group.py asks whether it would have seen the staff
in the present light, control_choice.py says which earlier pictures are kept for that. evaluation.py counts mistakes on
labelled footage (labels.py).

Called by streams.watch at every look, by recheck and by `manage.py evaluate`.
"""
