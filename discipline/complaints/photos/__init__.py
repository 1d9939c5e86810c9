"""Photos of residents' reports: stored without what cameras write into them, and with heads hidden for the public."""
