"""What a change of the knowledge does to households, before it counts.

edits         two editions -> what was edited between them (said: what a piece of knowledge says)
crowd         files or tables -> the same households as both editions read them
compare       both answers -> who gets another one, what it costs, whom to look at first (sorting: by what)
flips         one changed answer -> the edits behind it, and the conditions on which it turns
"""
