"""The presets of a camera that moves: their list, what each shows, and tours from one to the next."""
