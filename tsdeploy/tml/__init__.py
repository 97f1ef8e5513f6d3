"""TML documents as text plus positions: kinds, references, graph, differences."""
