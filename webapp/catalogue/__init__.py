"""The catalogue: what the office offers, for anybody to read, whoever they are."""
