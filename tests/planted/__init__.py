"""Networks written twice, and small changes to one side that a comparison has to find."""
