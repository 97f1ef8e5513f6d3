"""Two versions of a document become changes in the user's words.

``compare`` finds what differs, ``lists`` says how list items find each other, ``volatile`` tells noise,
``vocabulary`` and ``words`` put it into sentences.
"""
