"""Why an indication was raised: all stored facts about it, as sentences, a timeline, a page and a PDF."""
