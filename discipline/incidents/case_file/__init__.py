"""Case files of incidents that break a bylaw: the recording, who saw and confirmed it, the papers, and who opened them."""
