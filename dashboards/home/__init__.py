"""What a person sees first, by the role that decides it."""
