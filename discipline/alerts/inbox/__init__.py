"""The list of indications: those that await an explanation or a decision, and the outcomes of the rest."""
