"""Local authorities, their services and teams, and what each has decided for itself."""
