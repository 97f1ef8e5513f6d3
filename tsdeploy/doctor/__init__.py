"""Whether everything is in place: here, in the repository, and at each server. Changes nothing."""
