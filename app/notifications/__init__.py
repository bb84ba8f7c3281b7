"""What a person should know: answers, mentions, reports."""
