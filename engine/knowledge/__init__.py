"""From files to knowledge: read, parse, check. Nothing after this corridor can fail because of what somebody wrote.

read          files  -> nodes that know their place        (spelling)
parse         nodes  -> values of `model`                  (shape; parse_facts, parse_offer, parse_parameters,
                                                            parse_rules, parse_decisions, parse_letters, parse_banks, parse_values,
                                                            shapes, values, phrases)
check         values -> knowledge, or the list of problems (sense; check_names, check_conditions, check_operands,
                                                            check_formulas, check_rules, check_offer, check_letters, check_use)

vocabulary: every name and what it is · formulas: their grammar · kinds: what kind of value a
formula gives · dependencies: what rests on what · exclusion: what excludes what · decisions: what is
still open · blanks: what a letter can be filled with ·
banks: how a bank's files look · problems: how a mistake is told
"""
