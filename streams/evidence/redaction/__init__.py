"""Hiding visitors' faces: whose heads (pure), in stills, in clips, and the jobs that make the shown forms."""
