"""What follows from the facts: knowledge files in, an explained and confident diagnosis out.

The rooms of this corridor, in the order of travel; each knows what the one before it did not.

    knowledge/    files       -> knowledge, or the list of problems (read, parse, check)
    compile       knowledge   -> a Plan for a stretch of days       (order; meaning: what a line, a rule says)
    forward       a household -> working memory, the trace          (truth; household, household_files, evaluate, inference,
                                                                     memory; again: only what a change touches)
    missing       the trace   -> what is not known and could matter (reach: what a formula could still give)
    explain       the trace   -> reasons, evidence, distances
    advise        the trace   -> status, papers, steps, packages    (benefits, packages; rows)
    diagnosis     all of it, for one household
    present       a diagnosis -> JSON; words: values and findings in two languages (sentences: in files of their own);
                  samples: what officers expect

    interview     which screen to ask next                          (plan_of_applicant: what one may be asked)
    offices       where people are sent to, by where they live

    many/         the same Plan over tables of households           (columns, batch)
    nearest/      the smallest changes that make an answer a yes    (search)
    change/       what an edit of the knowledge does to households  (compare)

`certainty` holds all arithmetic of certainty, for one household and for columns; `population_number` knows what is
written in a NIK and how little of it to show. No Flask, no database, and experta behind one door (`inference`).
"""
