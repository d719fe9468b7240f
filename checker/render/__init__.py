"""Reports as something to read: text for people, JSON for programs. Each renderer is a function of the report alone."""
