"""The pages for those who mend cameras: the list by trouble, one camera's history, and the notes."""
