"""What is owed about a child by a day: one clock for every kind of thing."""
