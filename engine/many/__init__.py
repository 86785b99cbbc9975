"""Many households at once: tables in, the same answers out that each household would get alone.

table_files   two files  -> chunks of rows                 (table_cells: columns of words read as values)
table_rows    chunks     -> what can be used, and the rest told by file, row and column (table_findings)
                                                           (table_aid: who receives what; table_computed: given twice)
tables        households and persons, in the few types that columns know
columns       the Plan   -> an expression for each reading, line, rule and conclusion (column_formulas)
column_plan   what is asked -> the steps that lead to it, scheduled (sheet)
answers       tables     -> a row for each service and subject (alike: packages and paid components)
batch         all of it, chunk by chunk, into a folder that comes whole or not at all (whole_folder)
agreement     where this and `forward` disagree: nowhere
"""
