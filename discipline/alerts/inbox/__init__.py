"""The list of indications: which wait for whom, and what came of the rest."""
