"""What the window leaves for whoever looks for a fault: the log, reports of crashes, and what could not be written."""
