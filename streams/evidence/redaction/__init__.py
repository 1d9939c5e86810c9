"""Hide visitors' faces: which heads (pure), in stills, in clips, and the jobs that make the blurred forms."""
