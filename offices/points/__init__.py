"""Street points: what a place of kind "point" is for, who runs and proposed it, and on what legal basis.

Owns the details of each point beside its code, name, pin and agency (places), and the dated rows of its legal basis.

Called by the operator's pages of points, their import and export, the public page and the recording.
"""
