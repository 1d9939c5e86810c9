"""How fast a month's incidents and tasks were handled, as a page, as files, and in part for the public."""
