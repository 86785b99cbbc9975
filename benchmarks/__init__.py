"""Speed: how long loading, diagnosing and diagnosing again take on this machine, in one run."""
