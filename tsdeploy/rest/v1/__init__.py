"""V1 of the REST API, as far as an export needs it from releases that have nothing else. Source: REST facts §16."""
