"""Speed: how long Tepat takes, and how long others take for the same.

    tables, w120, kediri    what is worked on, all from seeds
    peers, tepat            who works: six other systems and Tepat, behind one face
    works                   what is measured, and that all agree, asserted before anything is timed
    peak                    how much memory one system needs for one work
    docs                    docs/performance.md and its plot, from build/bench.json
    walker                  somebody who fills in the interview on the pages of the web application
    interviews              how many screens that takes, and that it asks neither too little nor in vain
    load                    how fast the pages come when fifty of them do so at once

Times are of warm systems: making one, reading its rules and bringing the values into the form it likes is not
timed. The systems take turns (A B C A B C ...), so that whatever else the machine does meets all of them.
Memory is the peak of a process of its own for each work and system, interpreter and tables included, because
Polars, numpy and CLIPS take theirs outside Python's allocator, where `tracemalloc` does not see it.
"""
