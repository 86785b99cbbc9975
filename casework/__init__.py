"""What the office does with a diagnosis: the register, cases, lists, payments. A database, and no Flask.

Every function takes a `Work` (`casework.store.work`): one actor's unit of work, in one transaction, on the record.
"""
