"""Objects in a real git repository: committed, validated, deployed and reverted.

Source: facts about the REST API, section 14.
"""
