"""The pages of those who handle residents' reports: operators, of private ones the inspectorate."""
