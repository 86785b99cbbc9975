"""Let `python -m tepat` do what `tepat` does."""

from tepat.main import main

main()
