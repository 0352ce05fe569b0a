"""The book: the course's lessons, hints, solutions and docs as pages that a browser shows."""
