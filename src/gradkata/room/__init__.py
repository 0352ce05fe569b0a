"""The room: where a workshop stands, live. Learners report; whoever teaches has a page."""
