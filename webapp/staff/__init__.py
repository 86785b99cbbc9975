"""What the people of the office see: thin pages over casework, for those who signed in."""
