"""Who is asked about what: the areas of agencies (pure rule), the types, the time limits, and the pages to set them."""
