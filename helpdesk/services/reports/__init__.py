"""What happened at the desk, in figures that can be checked.

Every number has one definition: a set of cases (`cases.Cases`), counted here and listed by its
link. A set picks from the rows of a unit: episodes, handoffs, ratings, solved episodes, agents'
joins. The units are plain queries over facts that the verbs stored (event, episode, escalation,
message, rating); nothing is kept twice and nothing is guessed.
"""
