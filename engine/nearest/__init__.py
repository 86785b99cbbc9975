"""What would have to be otherwise: the smallest changes that turn an answer into a yes.

`missing` knows what an answer could still hang on, `advise` what checking would do to it. Here it is found out what would
be enough: a paper shown, a check at the registry, a birthday. What somebody told about their own life is never part of
it: it can be checked, never wished otherwise. Only what an office keeps about them can come out differently.

    otherwise   a household told otherwise, or on a later day; only what is asked for is worked out
    days        when time alone turns something
    changes     what a change is, and which way is told first
    approach    which changes could move the line that stands in the way
    search      the smallest sets of changes that are enough
"""
