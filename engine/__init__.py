"""What follows from the facts: knowledge files in, an explained and confident diagnosis out.

The rooms of this corridor, in the order of travel; each knows what the one before it did not.

    read          files       -> nodes that know their place        (spelling)
    parse         nodes       -> values of `model`                  (shape; parse_facts, parse_parameters, parse_rules,
                                                                     parse_offer, parse_values, shapes, values,
                                                                     phrases, formulas)
    check         values      -> knowledge, or the list of problems (sense; check_names, check_formulas,
                                                                     check_conditions, check_operands, check_rules,
                                                                     check_offer, check_use, vocabulary, kinds,
                                                                     dependencies, exclusion)
    compile       knowledge   -> a Plan for a stretch of days       (order; meaning)
    forward       a household -> working memory, the trace          (truth; household, inference, memory, certainty)
    missing       the trace   -> what is not known and could matter  (reach)
    explain       the trace   -> reasons, evidence, distances
    advise        the trace   -> status, papers, steps, packages    (benefits, packages)
    diagnosis     all of it, for one household
    present       a diagnosis -> JSON; words: values and findings in two languages; samples: what officers expect

No Flask, no database, and experta behind one door (`inference`).
"""
