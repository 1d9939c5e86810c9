"""Open public reports near what a resident is about to report, shown while the form is filled in."""
