"""Live delivery at the edge: how subscriptions come in and how their messages go out."""
