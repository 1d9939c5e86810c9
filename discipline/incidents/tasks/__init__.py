"""Tasks of agencies: their states and deadlines (pure), the writer, the notices, and the field officer's pages."""
