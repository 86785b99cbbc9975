"""The w120 rules in the words of six other systems, each as somebody at home in that system would write them.

Every module has one class, `Peer`, made from the rules. What it costs to make one is not timed: all are warm.

    given(frame)     households of `w120.households` in the form that the system likes best       not timed
    conclude(given)  the CF of every conclusion for every household, in the system's own form     timed
    cfs(answer)      the same as a table, one column a conclusion, for comparing                  not timed

All compute what design 4 says of these rules: a condition's CF is +0.9 or -0.9, or 0 where the value is not
known; a premise is the least of its conditions; it contributes certainty times premise beyond 0.2, else
nothing; two contributions combine as EMYCIN does, and the CF is rounded to six decimals. No contribution here
is negative, so that combining is 1 - (1 - a)(1 - b), and every peer may say it so. Where a system matches
patterns instead of computing, a rule whose conditions do not all hold does not fire, and contributes nothing.
Only Tepat also works everything out a second time, as told.
"""
