"""What the demo has in the city: street points with cameras, incidents and reports of residents."""
