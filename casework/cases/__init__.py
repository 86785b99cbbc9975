"""A household's application and its way through the office, from the first word to the last payment and after."""
