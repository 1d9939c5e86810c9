"""Case files of incidents that break a bylaw: recording, who saw and confirmed it, papers, and who opened them."""
