"""The pages of hints on streets: the operators' list with their yes or no, and where hints are wanted."""
