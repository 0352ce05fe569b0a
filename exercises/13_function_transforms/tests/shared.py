"""What each function returns is compared with a plain loop, and the calls are counted."""
