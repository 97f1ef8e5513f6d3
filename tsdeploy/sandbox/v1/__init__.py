"""V1 of the API, and the routes that are not public but called all the same. Source: facts about the REST API, 16.

Most of it asks V2 and says the answer in V1's words.
"""
