"""What went wrong with each camera, since when, and what operators did about it."""
