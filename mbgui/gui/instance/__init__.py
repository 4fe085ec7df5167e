"""One instance for each user and display: who is first keeps the windows, who comes later hands its files over."""
