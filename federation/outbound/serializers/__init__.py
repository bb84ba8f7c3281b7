"""One row becomes one AS2 object, for GET and for Create alike."""
