"""How aid reaches an account: batches, their signatures, what the bank answered. Nothing is paid twice."""
