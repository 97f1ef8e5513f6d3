"""Columns: who offers them, who uses them, and what breaks when one is renamed or removed.

``offered`` knows what a table, view, model or set offers; ``reading`` finds every use in a document; ``graph`` follows
the uses from document to document.
"""
