"""Why an indication was raised: everything stored that bears on it, as sentences, timeline, page and PDF."""
