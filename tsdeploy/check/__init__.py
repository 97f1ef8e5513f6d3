"""Everything that can be known offline: structure, references, columns, secrets, mapping coverage."""
